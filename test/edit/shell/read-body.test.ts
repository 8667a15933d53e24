import { describe, expect, it } from 'vitest';
import { foreignLines, generatedLike, readBody } from '../../../src/edit/shell/read-body.ts';
import { sh } from '../../../src/edit/shell/sh.ts';
import { CONTENT } from '../../support/start-files.ts';

const PLACE = { home: '/home/u', platform: 'linux' } as const;
const BODY = sh.body(CONTENT, PLACE);
const LITERAL = sh.body({ ...CONTENT, key: { kind: 'literal', value: 'sk-or-v1-x' } }, PLACE);
const positions = [...BODY.keys(), BODY.length];
const foreign = (lines: readonly string[]): string[] => foreignLines(lines, 'sh', PLACE);

describe('in a block, someone else’s', () => {
  it.each([
    ['a key in a file', BODY],
    ['a key in the block', LITERAL],
    ['a key in a variable', sh.body({ ...CONTENT, key: { kind: 'env', name: 'K' } }, PLACE)],
    ['no token', LITERAL.map((line) => line.replace("'sk-or-v1-x'", "''"))],
  ])('is none of the lines that orcc wrote, with %s', (_, body) => {
    expect(foreign(body)).toEqual([]);
    // Without the lines that say where the key is and what gets it, orcc does not know what it would write.
    const removable = [...body.keys()].filter((at) => !/key$/.test(sh.readLine(body[at] ?? '', PLACE)?.kind ?? ''));
    for (const at of removable) expect(foreign(body.toSpliced(at, 1))).toEqual([]);
  });

  it.each(['echo hi', 'fi', "export FOO='x'", '# a comment', 'unset orcc_key', ''])('is one line more, wherever it stands: %j', (line) => {
    for (const at of positions) expect(foreign(BODY.toSpliced(at, 0, line))).toEqual([line]);
    for (const at of BODY.keys()) expect(foreign(BODY.slice(1).toSpliced(at, 0, line))).toEqual([line]);
  });

  it('are several lines, in their order', () => {
    expect(foreign(['if [ -t 1 ]; then', ...BODY, 'fi'])).toEqual(['if [ -t 1 ]; then', 'fi']);
    expect(foreign(['b', ...BODY.slice(0, 4), 'a', ...BODY.slice(6), 'c'])).toEqual(['b', 'a', 'c']);
    expect(foreign(['a', 'fi', 'b'])).toEqual(['a', 'fi', 'b']);
    expect(foreign(BODY.toReversed()).length).toBeGreaterThan(0);
  });

  it('is no changed value of orcc’s own variables', () => {
    expect(foreign(BODY.map((line) => line.replace('sonnet', 'opus').replace('https://openrouter.ai', 'https://x')))).toEqual([]);
  });
});

it('what orcc would write for a block’s values is the block', () => {
  for (const body of [BODY, LITERAL]) expect(generatedLike([...body, "export FOO='x'"], 'sh', PLACE)).toEqual(body);
  expect(
    generatedLike(
      LITERAL.map((line) => line.replace("'sk-or-v1-x'", "''")),
      'sh',
      PLACE,
    ),
  ).toContain("export ANTHROPIC_AUTH_TOKEN='-'");
  expect(generatedLike([], 'sh', PLACE)).toContain("export ANTHROPIC_BASE_URL=''");
});

it('a block’s variables are read back with their lines, and the key with its source', () => {
  expect(readBody(["export A='1'", '  export B="$orcc_key"', ...BODY.slice(0, 7)], 'sh', PLACE)).toEqual([
    { name: 'A', index: 0, value: '1' },
    { name: 'ANTHROPIC_BASE_URL', index: 7, value: 'https://openrouter.ai/api' },
    { name: 'ANTHROPIC_AUTH_TOKEN', index: 8, keyRef: CONTENT.key },
  ]);
});
