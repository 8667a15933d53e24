import { describe, expect, it } from 'vitest';
import { settle, type Allowed } from '../../src/change/settle.ts';
import type { Problem } from '../../src/change/types.ts';
import type { Context } from '../../src/core/context.ts';
import type { Say } from '../../src/core/say.ts';
import { HOME } from '../support/machine.ts';

const problem = (consent: Problem['consent'], code = 'FOREIGN_VALUE'): Problem => ({
  ...{ target: 'user', path: `${HOME}/.claude/settings.json`, code, message: `${code} stands there`, hint: 'a way out', consent },
});
const NOTHING: Allowed = { replace: false, force: false };

interface Given {
  readonly interactive?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly allowed?: Allowed;
  readonly answer?: boolean;
  readonly agrees?: boolean;
}

/** What comes of these problems, and what was asked and said. */
function ask(
  problems: readonly Problem[],
  { interactive = true, yes = false, dryRun = false, allowed = NOTHING, answer = true, agrees }: Given = {},
) {
  const asked: unknown[][] = [];
  const said: string[] = [];
  const note = (...words: unknown[]): Promise<boolean> => {
    asked.push(words);
    return Promise.resolve(answer);
  };
  const ctx = { interactive, home: HOME, ask: { confirm: note } as unknown as Context['ask'] };
  const say = { warn: (text: string) => said.push(text) } as unknown as Say;
  const outcome = settle(ctx, problems, allowed, { yes, dryRun, say, ...(agrees === true ? { agree: note } : {}) });
  return { outcome, asked, said };
}

describe('what stands in the way', () => {
  it.each<[string, readonly Problem[], Allowed, Allowed]>([
    ['somebody’s value', [problem('replace')], NOTHING, { replace: true, force: false }],
    ['an edited block', [problem('force')], NOTHING, { replace: false, force: true }],
    ['both', [problem('replace'), problem('force')], NOTHING, { replace: true, force: true }],
    ['an edited block, after a value', [problem('force')], { replace: true, force: false }, { replace: true, force: true }],
    ['a value, after an edited block', [problem('replace')], { replace: false, force: true }, { replace: true, force: true }],
  ])('is asked about once, and Enter alone says no: %s', async (_what, problems, allowed, expected) => {
    for (const agrees of [false, true]) {
      const { outcome, asked, said } = ask(problems, { allowed, agrees });
      expect(await outcome).toEqual(expected);
      expect(asked).toHaveLength(1);
      expect(asked[0]?.at(-1)).toBe(false);
      const messages = problems.map(({ message }) => message);
      expect([said, asked[0]?.[0]]).toEqual(agrees ? [[], messages] : [messages, expect.any(String)]);
    }
  });

  it('is asked about in other words where lines of a block are kept', () => {
    const [value, block, both] = [[problem('replace')], [problem('force')], [problem('replace'), problem('force')]].map(
      (each) => ask(each).asked[0]?.[0],
    );
    expect([value === both, block === value]).toEqual([true, false]);
  });

  it.each<[string, readonly Problem[], Given, number]>([
    ['there is no terminal', [problem('replace')], { interactive: false }, 0],
    ['nobody is to be asked', [problem('replace')], { yes: true }, 0],
    ['nothing is to be written', [problem('replace')], { dryRun: true }, 0],
    ['one of them can not be agreed to', [problem('replace'), problem(undefined, 'SETTINGS_INVALID')], {}, 0],
    ['it was agreed to already', [problem('replace')], { allowed: { replace: true, force: false } }, 0],
    ['the answer is no', [problem('replace'), problem('force', 'BLOCK_EDITED')], { answer: false }, 1],
    ['the answer is no, elsewhere', [problem('replace')], { answer: false, agrees: true }, 1],
  ])('is told with every file, exit 6, where %s', async (_what, problems, given, count) => {
    const { outcome, asked } = ask(problems, given);
    await expect(outcome).rejects.toMatchObject({
      exit: 'refused',
      code: 'FOREIGN_VALUE',
      hint: 'a way out',
      message: problems.map(({ message }) => message).join('\n'),
      data: { problems: problems.map(({ code, message }) => ({ target: 'user', path: '~/.claude/settings.json', code, message })) },
    });
    expect(asked).toHaveLength(count);
  });

  it('is told with exit 4 where it is the key alone that is missing', async () => {
    const gone = problem(undefined, 'KEY_MISSING');
    await expect(ask([gone, gone]).outcome).rejects.toMatchObject({ exit: 'key', code: 'KEY_MISSING' });
    await expect(ask([gone, problem('replace')]).outcome).rejects.toMatchObject({ exit: 'refused', code: 'KEY_MISSING' });
  });
});
