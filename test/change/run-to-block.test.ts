import * as fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { runToBlock } from '../../src/change/run-to-block.ts';
import type { Edit } from '../../src/apply/types.ts';
import type { ShellTargetId } from '../../src/targets/types.ts';
import { desire, KEY, machineWith, place, planChange, setup } from '../support/machine.ts';
import { fakeExec } from '../support/shell-context.ts';
import { contextFor } from '../support/temp-home.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();
const BLOCK = /# >>> orcc[^]*# <<< orcc[^\n]*\n/;
/** The two words that together say that the block was reached. */
const [ONE, TWO] = ['010101010101', '020202020202'];
let given: { args: readonly string[]; options: object; text: string; modes: readonly number[] }[];
/** What was answered, in words. */
let answers: string[];
beforeEach(() => {
  given = [];
  answers = [];
});

/** The edit that puts the block, with the key in it, between two lines. */
function editOf(id: ShellTargetId, at = place(id)): Edit {
  const wish = desire(setup(id));
  const literal = { ...wish, setup: wish.setup && { ...wish.setup, shellKey: { kind: 'literal' as const } } };
  const machine = machineWith({ files: id === 'fish' ? {} : { [place(id)]: 'echo first\n' }, targets: [id] });
  const edit = planChange(literal, machine).plan.edits.find(({ path: each }) => each === place(id));
  if (edit?.after === undefined || edit.after === null) throw new Error('no block');
  const text = Buffer.from(edit.after).toString().replace('echo first\n', '');
  return { ...edit, path: at, after: Buffer.from(`echo first\n${text}echo last\n`) };
}

/** What is answered where the programs say that. */
async function answerOf(
  edit: Edit,
  id: ShellTargetId,
  says: Partial<{ stdout: string; stderr: string; timedOut: boolean }>,
  { programs = [id], before = [], fails = false }: { programs?: readonly string[]; before?: readonly string[]; fails?: boolean } = {},
): Promise<string> {
  const run = ({ args, options }: { readonly args: readonly string[]; readonly options: { readonly cwd?: string } }) => {
    const folder = path.dirname(options.cwd ?? '');
    const file = fs.readdirSync(folder).find((name) => name.startsWith('file')) ?? '';
    const modes = [folder, options.cwd ?? '', path.join(folder, file)].map((each) => fs.statSync(each).mode & 0o777);
    given.push({ args, options, text: fs.readFileSync(path.join(folder, file), 'utf8'), modes });
    if (fails) throw new Error('not started');
    return says;
  };
  const { exec, calls } = fakeExec(Object.fromEntries(programs.map((name) => [name, run])));
  let times = 0;
  const random = (length: number): Uint8Array => Buffer.alloc(length, (times += 1));
  const env = { TMPDIR: home.home, TEMP: home.home, PATH: '/bin', HOME: '/elsewhere', OPENROUTER_API_KEY: KEY, SystemRoot: 'C:\\Windows' };
  const ctx = { ...contextFor(home.home, { random, env, platform: 'linux' }), exec };
  const answer = await runToBlock(ctx, edit, id, before);
  answers.push(answer);
  expect(Object.keys(home.tree())).toEqual([]);
  return `${answer === 'reached' ? 'reached' : 'not'} ${calls.map(({ file }) => path.basename(file)).join(' ')}`.trim();
}

describe('whether a shell gets to the block', () => {
  it.each<[ShellTargetId, Parameters<typeof answerOf>[2], Parameters<typeof answerOf>[3], RegExp]>([
    ['bash', {}, { programs: [] }, /^bash is not installed/],
    ['powershell', {}, { programs: [] }, /^PowerShell is not installed/],
    ['bash', { timedOut: true }, {}, / 3 s$/],
    ['fish', { stderr: 'fish: --no-config: unknown option' }, {}, /could not be tested/],
    ['fish', { stderr: 'no-config' }, {}, /the shell exited/],
    ['bash', { stderr: 'ls: unrecognized option' }, {}, /the shell exited/],
  ])('is told with the reason why it is not known: %s, %o', async (id, says, how, reason) => {
    await answerOf(editOf(id), id, says, how);
    expect(answers.at(-1)).toMatch(reason);
  });

  it.each<[Parameters<typeof answerOf>[2], string]>([
    [{ stdout: `first\n${ONE}${TWO}\n` }, 'reached bash'],
    [{ stdout: `${ONE} ${TWO}\n` }, 'not bash'],
    [{ stdout: ONE }, 'not bash'],
    [{ stdout: '' }, 'not bash'],
    [{ stdout: `${ONE}${TWO}`, timedOut: true }, 'not bash'],
  ])('is what it prints in the block’s place: %o', async (says, answer) => {
    expect(await answerOf(editOf('bash'), 'bash', says)).toBe(answer);
  });

  it('is not known where the shell is not there, can not be started, or the file has no block', async () => {
    const says = { stdout: `${ONE}${TWO}` };
    expect(await answerOf(editOf('bash'), 'bash', says, { programs: [] })).toBe('not');
    expect(await answerOf(editOf('bash'), 'bash', says, { fails: true })).toBe('not bash');
    expect(await answerOf({ ...editOf('bash'), after: Buffer.from('echo first\n') }, 'bash', says)).toBe('not');
    expect(await answerOf({ ...editOf('bash'), after: null }, 'bash', says)).toBe('not');
  });

  it('is asked with all of the file but the block, whose key is in no other file, for this user alone', async () => {
    await answerOf(editOf('bash'), 'bash', {});
    const [seen] = given;
    expect(seen?.text.split('\n')).toEqual(['echo first', `printf '%s%s\\n' ${ONE} ${TWO}; exit 0`, 'echo last', '']);
    expect(Buffer.from(editOf('bash').after ?? []).toString()).toMatch(BLOCK);
    expect(Buffer.from(editOf('bash').after ?? []).includes(KEY)).toBe(true);
    expect(seen?.modes).toEqual([0o700, 0o700, 0o600]);
  });

  it('is asked of a shell that gets no key, ends in time with all that it started, and reads nothing else of the user’s', async () => {
    await answerOf(editOf('bash'), 'bash', {});
    const folder = home.path(`orcc-start-${ONE}`);
    const options = { env: { HOME: home.home, PATH: '/bin' }, cwd: `${folder}/empty`, timeoutMs: 3000, group: true };
    expect(given[0]?.options).toEqual(options);
    await answerOf(editOf('powershell'), 'powershell', {}, { programs: ['pwsh'] });
    expect(given[1]?.options).toMatchObject({ timeoutMs: 8000, group: true });
    expect(given[1]?.args.at(-1)).toMatch(/\/file\.ps1'?$/);
  });

  it('is asked on Windows with what PowerShell needs to start but no key, and ends when orcc is stopped', async () => {
    const { exec, calls } = fakeExec({ pwsh: () => ({}) });
    const written = { mkdir: () => undefined, openExclusive: () => 1, write: (_fd: number, bytes: Uint8Array) => bytes.length };
    const ctx = contextFor('C:\\Users\\u', {
      fs: {
        ...home.ctx.fs,
        ...written,
        close: () => undefined,
        unlink: () => undefined,
        rmdir: () => undefined,
        realpath: (at: string) => at,
      },
      env: { TEMP: 'C:\\Temp', PATH: 'C:\\bin', SystemRoot: 'C:\\Windows', OPENROUTER_API_KEY: KEY },
      platform: 'win32',
    });
    const { signal } = new AbortController();
    await runToBlock({ ...ctx, exec, signal }, editOf('powershell'), 'powershell', []);
    expect(calls[0]?.options).toMatchObject({ env: { PATH: 'C:\\bin', SystemRoot: 'C:\\Windows' }, signal });
    expect(JSON.stringify(calls)).not.toContain(KEY);
  });

  it.each<[ShellTargetId, readonly string[], string]>([
    ['bash', ['--norc', '--noprofile', '-i', '-c'], '. FOLDER/file'],
    ['zsh', ['-f', '-i', '-c'], '[ ! -r ~/.zshenv ] || . ~/.zshenv; . FOLDER/file'],
    ['fish', ['--no-config', '-i', '-c'], '. FOLDER/file.fish'],
  ])('is asked of %s with these words', async (id, args, command) => {
    await answerOf(editOf(id), id, {});
    const folder = home.path(`orcc-start-${ONE}`);
    expect(given[0]?.args.map((word) => word.replaceAll("'", ''))).toEqual([...args, command.replace('FOLDER', folder)]);
  });

  it('is asked after the files that the shell reads before, whatever they are called', async () => {
    const says = { stdout: `${ONE}${TWO}` };
    expect(await answerOf(editOf('fish'), 'fish', says, { before: ['/a b/one.fish', '/two.fish'] })).toBe('reached fish');
    expect(given[0]?.args.at(-1)).toMatch(/^\. '\/a b\/one\.fish'; \. '?\/two\.fish'?; \. '?\/.*\/file\.fish'?$/);
  });

  it.each<[readonly string[], string, string]>([
    [['pwsh', 'powershell'], '/home/u/.config/powershell/profile.ps1', 'not pwsh'],
    [['powershell'], '/home/u/.config/powershell/profile.ps1', 'not powershell'],
    [['pwsh', 'powershell'], '/home/u/Documents/WindowsPowerShell/profile.ps1', 'not powershell'],
  ])('is asked of the PowerShell that reads the file: of %o for %s', async (programs, at, answer) => {
    expect(await answerOf(editOf('powershell', at), 'powershell', {}, { programs })).toBe(answer);
    expect(given[0]?.text).toContain(`Write-Output ('${ONE}' + '${TWO}'); exit 0`);
    expect(given[0]?.args.slice(0, 3)).toEqual(['-NoLogo', '-NoProfile', '-Command']);
  });
});
