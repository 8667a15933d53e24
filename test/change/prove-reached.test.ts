import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../src/apply/types.ts';
import type { Machine } from '../../src/change/machine.ts';
import { proveReached, withoutIdle } from '../../src/change/prove-reached.ts';
import { runToBlock } from '../../src/change/run-to-block.ts';
import type { Say } from '../../src/core/say.ts';
import type { ShellTargetId } from '../../src/targets/types.ts';
import { HOME, machineWith, place } from '../support/machine.ts';
import { fakeExec, shellContext } from '../support/shell-context.ts';
import { textAfter } from '../support/start-files.ts';
import { contextFor } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const BLOCK = textAfter('sh', '');
const IDLE = `if false; then\n${BLOCK}fi\n`;
const RC = place('bash');
const PLACE = { startup: 'every' } as const;
const SOURCED = `${HOME}/.orcc_block`;
/** A condition that reading can't decide, and the shell's exit under it. */
const TEST = '[ -n "$WORK" ]';
const LEAVES = `${TEST} && exec fish\n`;

function edit(owner: Edit['owner'], before: string | null, after: string | null, at = RC): Edit {
  const bytes = (text: string | null) => (text === null ? null : Buffer.from(text));
  return { path: at, owner, before: bytes(before), after: bytes(after), mode: null, modeBefore: null, summary: '' };
}

const contextOf = (files: Readonly<Record<string, string>>) => ({
  ...shellContext({ files }),
  random: (count: number) => new Uint8Array(count),
});

/** The warnings of one edit beside these files. No shell is installed. */
async function warningsOf(
  one: Edit,
  files: Readonly<Record<string, string>>,
  { machine = machineWith(), provesNew = true }: { machine?: Machine; provesNew?: boolean } = {},
): Promise<readonly string[]> {
  const said: string[] = [];
  await proveReached(contextOf(files), [one], machine, { warn: (text: string) => said.push(text) } as unknown as Say, provesNew);
  return said;
}

describe('a block that is written again', () => {
  const rewritten = edit('bash', BLOCK, BLOCK);

  it('is warned of where no start runs it', async () => {
    expect(await warningsOf(rewritten, { [RC]: IDLE })).toEqual([expect.stringContaining('`~/.bashrc`')]);
    expect(await warningsOf(rewritten, { [RC]: IDLE }, { provesNew: false })).toHaveLength(1);
    for (const text of [BLOCK, `${LEAVES}${BLOCK}`]) expect(await warningsOf(rewritten, { [RC]: text })).toEqual([]);
  });

  it('is looked for in its own file, whatever is read before', async () => {
    expect(await warningsOf(rewritten, { '/etc/bash.bashrc': 'exit\n', [RC]: BLOCK })).toEqual([]);
  });

  it('is looked for in what sources its file, where no start reads that by itself', async () => {
    const sourced = edit('bash', BLOCK, BLOCK, SOURCED);
    expect(await warningsOf(sourced, { [RC]: '. ~/.orcc_block\n', [SOURCED]: BLOCK })).toEqual([]);
    expect(await warningsOf(sourced, { [RC]: 'if false; then\n. ~/.orcc_block\nfi\n', [SOURCED]: BLOCK })).toHaveLength(1);
  });

  it.each<[string, Edit]>([
    ['is none of a shell’s', edit('user', BLOCK, BLOCK)],
    ['is in none of its files', edit('config', BLOCK, BLOCK)],
    ['goes', edit('bash', BLOCK, 'a=1\n')],
    ['goes with its file', edit('bash', BLOCK, null)],
  ])('is not looked for where it %s', async (_what, one) => {
    expect(await warningsOf(one, { [RC]: IDLE })).toEqual([]);
  });

  it('is not looked for where nobody knows the shell’s files', async () => {
    expect(await warningsOf(rewritten, { [RC]: IDLE }, { machine: machineWith({ targets: ['zsh'] }) })).toEqual([]);
  });
});

describe('a new block', () => {
  const answer = (one: Edit): Promise<string> => runToBlock(contextOf({}), one, 'bash', []);

  it('needs no shell where reading tells that every start reaches it', async () => {
    expect(await warningsOf(edit('bash', 'a=1\n', `a=1\n${BLOCK}`), { [RC]: 'a=1\n' })).toEqual([]);
    expect(await warningsOf(edit('bash', null, BLOCK), {})).toEqual([]);
  });

  it('is warned of with the reason and the condition, where that is asked for', async () => {
    const one = edit('bash', LEAVES, `${LEAVES}${BLOCK}`);
    const [warning, ...more] = await warningsOf(one, { [RC]: LEAVES });
    expect(more).toEqual([]);
    for (const part of ['`~/.bashrc`', await answer(one), ` 1: \`${TEST}\``]) expect(warning).toContain(part);
    expect(await warningsOf(one, { [RC]: LEAVES }, { provesNew: false })).toEqual([]);
    expect(await warningsOf(one, { [RC]: LEAVES }, { machine: machineWith({ targets: [] }) })).toEqual([]);
  });

  it('is warned of with the reason alone, where reading finds no way to it', async () => {
    const one = edit('bash', 'exit\n', `exit\n${BLOCK}`);
    expect(await warningsOf(one, { [RC]: 'exit\n' })).toEqual([expect.stringContaining(`(${await answer(one)})`)]);
  });

  it('is warned of with the start of a long condition, without what could be a key', async () => {
    const long = `[ -n "$${'W'.repeat(70)}" ]`;
    const one = edit('bash', '', BLOCK);
    expect((await warningsOf(one, { [RC]: `${long} && exec fish\n` }))[0]).toContain(`\`${long.slice(0, 59)}…\``);
  });
});

describe('a new block in a shell that reads several files', () => {
  const home = useTempHome();
  const BOTH = '010101010101020202020202';

  it.each<[ShellTargetId, string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'fish',
      '.config/fish/conf.d/orcc.fish',
      { '../fish_variables': '', 'a.fish': '', 'b.fish': 'test -n "$WORK"; and exec bash\n', 'z.fish': '' },
      ['a.fish', 'b.fish'],
    ],
    [
      'powershell',
      '.config/powershell/Microsoft.PowerShell_profile.ps1',
      { 'profile.ps1': 'if ($env:WORK) { exit }\n', 'Microsoft.VSCode_profile.ps1': '' },
      ['profile.ps1'],
    ],
  ])('is reached where %s says so, after the files that it reads before', async (target, name, files, before) => {
    for (const [each, text] of Object.entries(files)) home.write(path.join(path.dirname(name), each), text);
    const at = home.path(name);
    const located = new Map([[target, { files: [{ ...PLACE, path: at }], notes: [], offered: true }]]);
    for (const stdout of [BOTH, '']) {
      const { exec, calls } = fakeExec({ fish: () => ({ stdout }), pwsh: () => ({ stdout }) });
      let times = 0;
      const random = (length: number): Uint8Array => Buffer.alloc(length, (times += 1));
      const ctx = { ...contextFor(home.home, { random, env: { TMPDIR: home.home }, platform: 'linux' }), exec };
      const said: string[] = [];
      const say = { warn: (text: string) => said.push(text) } as unknown as Say;
      const block = textAfter(target === 'fish' ? 'fish' : 'powershell', '');
      await proveReached(ctx, [edit(target, null, block, at)], { ...machineWith(), located }, say, true);
      expect(said).toHaveLength(stdout === BOTH ? 0 : 1);
      expect(calls).toHaveLength(1);
      const sourced =
        calls[0]?.args
          .at(-1)
          ?.split('; ')
          .map((each) => path.basename(each.replace(/'$/, ''))) ?? [];
      expect(sourced.slice(0, -1)).toEqual(before);
    }
  });
});

describe('targets whose block no terminal runs', () => {
  it('are left out, those of which nothing is known are not', () => {
    const machine = machineWith({ targets: ['bash', 'zsh', 'user'] });
    const nowhere = { files: [], notes: [], offered: true };
    const located = new Map([...machine.located, ['powershell' as const, nowhere]]);
    const ids: ShellTargetId[] = ['bash', 'zsh', 'fish', 'powershell'];
    const ctx = contextOf({ [RC]: IDLE, [place('zsh')]: BLOCK });
    expect(withoutIdle(ctx, [...ids, 'user', 'local'], { located })).toEqual(['zsh', 'fish', 'powershell', 'user', 'local']);
  });
});
