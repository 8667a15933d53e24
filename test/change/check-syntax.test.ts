import { describe, expect, it } from 'vitest';
import type { Edit } from '../../src/apply/types.ts';
import { checkShellSyntax, needsShell } from '../../src/change/check-syntax.ts';
import { place } from '../support/machine.ts';
import { fakeExec } from '../support/shell-context.ts';
import { OTHER_CONTENT, textAfter } from '../support/start-files.ts';

const BLOCK = textAfter('sh', '');
const EDITED = BLOCK.replace('sonnet', 'opus');
/** A line that the shell of these tests can't parse. */
const BAD = 'if broken\n';

function edit(before: string | null, after: string | null, owner: Edit['owner'] = 'bash'): Edit {
  const bytes = (text: string | null) => (text === null ? null : Buffer.from(text));
  return { path: place('bash'), owner, before: bytes(before), after: bytes(after), mode: null, modeBefore: null, summary: '' };
}

/** `fine`, or the exit of the refusal; the texts that a shell has parsed for it; and the refusal's message. */
async function check(edits: readonly Edit[], force = false) {
  const { exec, calls } = fakeExec({
    bash: () => ({}),
    zsh: () => ({}),
    sh: ({ options }) => ({ code: options.input?.includes(BAD) === true ? 2 : 0 }),
  });
  const error: unknown = await checkShellSyntax({ exec, env: {} }, edits, force).catch((each: unknown) => each);
  const { exit, message } = (error ?? { exit: 'fine' }) as { exit: string; message?: string };
  return { exit, message, parsed: calls.map(({ options }) => options.input) };
}

describe('a start-up file that gets a block', () => {
  it('is parsed as it will be, and as it was only where it will be broken', async () => {
    expect(await check([edit('a\n', `a\n${BLOCK}`)])).toMatchObject({ exit: 'fine', parsed: [`a\n${BLOCK}`] });
    expect(await check([edit(null, BLOCK), edit('b\n', `b\n${BLOCK}`, 'zsh')])).toMatchObject({
      exit: 'fine',
      parsed: [BLOCK, `b\n${BLOCK}`],
    });
  });

  it.each([false, true])('and would be broken by it is refused, force %s', async (force) => {
    const edits = [edit('a\n', `a\n${BLOCK}`), edit('b\n', `b\n${BAD}${BLOCK}`)];
    expect(await check(edits, force)).toMatchObject({ exit: 'refused', parsed: [`a\n${BLOCK}`, `b\n${BAD}${BLOCK}`, 'b\n'] });
    expect(await check([edit(null, `${BAD}${BLOCK}`)], force)).toMatchObject({ exit: 'refused', parsed: [`${BAD}${BLOCK}`] });
  });

  it('and was broken before needs force', async () => {
    const broken = edit(BAD, `${BAD}${BLOCK}`);
    const refused = await check([broken]);
    expect(refused.exit).toBe('refused');
    expect(refused.message).not.toBe((await check([edit('', `${BAD}${BLOCK}`)])).message);
    expect(await check([broken, edit(BAD, `${BAD}# 2\n${BLOCK}`)], true)).toMatchObject({
      exit: 'fine',
      parsed: [`${BAD}${BLOCK}`, BAD, `${BAD}# 2\n${BLOCK}`, BAD],
    });
  });
});

describe('a start-up file that loses its block', () => {
  it('may be as broken as it was', async () => {
    const parsed = [BAD, `${BAD}${BLOCK}`, 'a\n'];
    expect(await check([edit(`${BAD}${BLOCK}`, BAD), edit(`a\n${BLOCK}`, 'a\n')])).toMatchObject({ exit: 'fine', parsed });
  });

  it('and would be broken without it needs force', async () => {
    const edits = [edit(`a\n${BLOCK}`, BAD), edit(`a\n${BLOCK}`, 'a\n')];
    const refused = await check(edits);
    expect(refused).toMatchObject({ exit: 'refused', parsed: [BAD, `a\n${BLOCK}`] });
    expect(refused.message).not.toBe((await check([edit('a\n', `${BAD}${BLOCK}`)])).message);
    expect(await check(edits, true)).toMatchObject({ exit: 'fine', parsed: [BAD, `a\n${BLOCK}`, 'a\n'] });
  });
});

describe('a change that no shell has to parse', () => {
  it.each<[string, Edit]>([
    ['lines inside the block', edit(`a\n${BLOCK}`, `a\n${textAfter('sh', '', { desired: OTHER_CONTENT })}`)],
    ['a file that goes', edit(BLOCK, null)],
    ['a settings file', edit('{', BAD, 'user')],
    ['a file of orcc’s own', edit(null, BAD, 'config')],
  ])('is of %s', async (_what, each) => {
    expect(needsShell(each)).toBe(false);
    expect(await check([each])).toMatchObject({ exit: 'fine', parsed: [] });
  });

  it.each<[string, string, string]>([
    ['was edited', EDITED, BLOCK],
    ['is edited', BLOCK, EDITED],
    ['was there twice', BLOCK + BLOCK, BLOCK],
    ['is damaged', BLOCK, BLOCK.replace(/# <<<.*/, '')],
    ['is new', 'a\n', BLOCK],
    ['is gone', BLOCK, 'a\n'],
  ])('is not of a block that %s', (_what, before, after) => {
    expect(needsShell(edit(before, after))).toBe(true);
  });
});
