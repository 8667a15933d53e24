import { describe, expect, it } from 'vitest';
import { inspectText, renderBlock } from '../../../src/edit/shell/block.ts';
import { textsOfNotes } from '../../../src/edit/shell/shell-notes.ts';
import { damageMessage, editedMessage, noteAt, quoteLines, type ShellNote } from '../../../src/edit/shell/shell-refusals.ts';
import { CONTENT, edit, textAfter } from '../../support/start-files.ts';

const notesOf = (result: ReturnType<typeof edit>): readonly ShellNote[] => (result.ok ? result.notes : []);
const BLOCK = textAfter('sh', '');
/** The line behind the block. */
const NEXT = BLOCK.split('\n').length;

describe('what is set by hand after the block', () => {
  const noteOn = (line: string): ShellNote | undefined => notesOf(edit('sh', `${BLOCK}${line}\n`))[0];
  /** A note's words without the name and the line, which differ anyway. */
  const wordsOn = (line: string): string => (noteOn(line)?.text ?? '').replaceAll(/ANTHROPIC_\w+|line \d+/g, '');

  it('is told with its line and value, cut where it is long, masked where it may be a key', () => {
    const long = (length: number): string => 'm'.repeat(length);
    expect(noteOn('export ANTHROPIC_MODEL=their/model')).toEqual({
      kind: 'overridden',
      line: NEXT,
      text: expect.stringMatching(new RegExp(`line ${NEXT}: ANTHROPIC_MODEL .*\`their/model\``)) as string,
    });
    expect(wordsOn(`export ANTHROPIC_MODEL=${long(80)}`)).toContain(`\`${long(80)}\``);
    expect(wordsOn(`export ANTHROPIC_MODEL=${long(81)}`)).toContain(`\`${long(79)}…\``);
    for (const line of ['ANTHROPIC_API_KEY=their-secret', 'ANTHROPIC_MODEL=sk-their-secret', 'ANTHROPIC_AUTH_TOKEN=their-secret'])
      expect(wordsOn(`export ${line}`)).not.toContain('secret');
    expect(wordsOn('export ANTHROPIC_API_KEY=sk-or-v1-0123456789abcdef0123456789abcdef01234567-end')).toContain('sk-or-v1-012...-end');
  });

  it('is told apart: another value, an empty one, one that is computed, one that is taken away, one that is set in some cases', () => {
    const lines = ['export ANTHROPIC_MODEL=x', 'export ANTHROPIC_MODEL=', 'export ANTHROPIC_MODEL=$(x)', 'unset ANTHROPIC_MODEL'];
    const texts = [...lines, 'export ANTHROPIC_MODEL=x A=1', `if x; then ${lines[0] ?? ''}; fi`].map(wordsOn);
    expect(new Set(texts).size).toBe(6);
    for (const text of texts) expect(text).not.toMatch(/undefined|``| {2,}after/);
    expect(texts[0]).toMatch(/`x` .*block; `--adopt`/);
    // What orcc can comment out itself, and what it can't.
    expect(texts.map((text) => text.includes('--adopt'))).toEqual([true, true, true, true, false, false]);
  });

  it('is not what stands before the block', () => {
    expect(notesOf(edit('sh', `export ANTHROPIC_MODEL=x\n${BLOCK}`))).toEqual([]);
  });
});

describe('what keeps the block from running', () => {
  it('is a line above it that ends the file, not one below', () => {
    const notes = notesOf(edit('sh', `a=1\nreturn\n${BLOCK}return\n`));
    expect(notes).toEqual([{ kind: 'unreachable', line: 2, text: expect.stringMatching(/line 2 .*line 3/) as string }]);
    expect(notesOf(edit('sh', `${BLOCK}return\n`))).toEqual([]);
  });

  it('may be Windows line ends in sh, from the first line on', () => {
    const crlf = [{ kind: 'crlf', line: 1 }];
    expect(notesOf(edit('sh', 'a=1\r\n'))).toMatchObject(crlf);
    expect(notesOf(edit('sh', 'a=1\nb=2\r\n'))).toEqual([]);
    expect(notesOf(edit('powershell', '$a = 1\r\n'))).toEqual([]);
  });

  it('is a key’s variable that is set only behind it', () => {
    const desired = { ...CONTENT, key: { kind: 'env', name: 'THEIR_KEY' } } as const;
    const block = textAfter('sh', '', { desired });
    const line = block.split('\n').length + 1;
    expect(notesOf(edit('sh', `${block}\nexport THEIR_KEY=x\nexport THEIR_KEY=y\n`, { desired }))).toEqual([
      { kind: 'key-later', line, text: expect.stringMatching(new RegExp(`line ${line}: THEIR_KEY`)) as string },
    ]);
    expect(notesOf(edit('sh', `export THEIR_KEY=x\n${block}unset THEIR_KEY\n`, { desired }))).toEqual([]);
  });
});

describe('the notes on one file', () => {
  const note = (kind: ShellNote['kind'], line: number): ShellNote => noteAt('rc', kind, line, `${kind} ${line}`);
  const linesIn = (notes: readonly ShellNote[]): readonly string[] =>
    textsOfNotes(notes, 'rc').map((text) => text.replace(/^(`rc` lines [-0-9, ]+): .*/, '$1'));

  it('say once what holds for several lines, first, with runs of lines joined', () => {
    const adopted = [8, 2, 3, 1, 6, 6].map((line) => note('adopted', line));
    expect(linesIn([note('crlf', 1), ...adopted, note('restored', 4), note('restored', 5)])).toEqual([
      '`rc` lines 1-3, 6, 8',
      '`rc` lines 4-5',
      '`rc` line 1: crlf 1',
    ]);
    const [shared] = textsOfNotes(adopted, 'rc');
    expect(shared).toContain('`orcc remove`');
  });

  it('say each by itself where it is the only one of its kind, or each has its own words', () => {
    const notes = [note('adopted', 2), note('restored', 4), note('overridden', 5), note('overridden', 7)];
    expect(textsOfNotes(notes, 'rc')).toEqual(notes.map(({ text }) => text));
    expect(linesIn([{ kind: 'adopted', text: 'somewhere' }, note('adopted', 2)])).toEqual(['`rc` lines 2']);
  });
});

describe('a refusal', () => {
  const body = ['export A=1', '  export B=2', 'export C=3', 'export D=4', 'export E=5'];
  const found = inspectText(`a\nb\n${renderBlock(body, '\n', false)}`, 'sh');
  const [block] = found.kind === 'blocks' ? found.blocks : [];
  if (block === undefined) throw new Error('no block');
  const quotedIn = (foreign: readonly string[], ours: readonly string[] | null): readonly string[] =>
    [...editedMessage('rc', block, foreign, ours).matchAll(/line \d+: `[^`]*`|and \d+ more/g)].map(([found]) => found);

  it('quotes three of the lines that were changed, with their numbers', () => {
    expect(quoteLines(block, body.slice(0, 2))).toBe('line 4: `export A=1`, line 5: `export B=2`');
    expect(quoteLines(block, body)).toBe('line 4: `export A=1`, line 5: `export B=2`, line 6: `export C=3`, and 2 more');
    expect(quoteLines(block, body.slice(0, 3))).not.toContain('more');
  });

  it('quotes a line of theirs rather than one of orcc’s own, and of those only a few', () => {
    expect(quotedIn(body.slice(1), [])).toEqual(['line 5: `export B=2`', 'line 6: `export C=3`', 'line 7: `export D=4`', 'and 1 more']);
    expect(quotedIn(body.slice(0, 1), [])).toEqual(['line 4: `export A=1`']);
    expect(editedMessage('rc', block, [], body)).not.toContain(', )');
    expect(quotedIn([], body.slice(0, 3))).toEqual(['line 7: `export D=4`', 'line 8: `export E=5`']);
    expect(quotedIn([], body.slice(0, 2))).toHaveLength(3);
    // Four that differ are another version's block, of which a few lines say nothing.
    expect(quotedIn([], body.slice(0, 1))).toEqual([]);
    expect([quotedIn([], body), quotedIn([], null)]).toEqual([[], []]);
    const words = (foreign: readonly string[]): string => editedMessage('rc', block, foreign, body).replaceAll(/, line.*/g, '');
    expect(words(body.slice(0, 1))).not.toBe(words([]));
  });

  it('shows bytes as the text that they are, without keys, control characters and what is too long', () => {
    const shown = (line: string): string => quoteLines({ ...block, body: [line] }, [line]);
    expect(shown(Buffer.from('echo "é"').toString('latin1'))).toContain('`echo "é"`');
    expect(shown('echo "€"')).toContain('`echo "€"`');
    expect(shown('a\u001b[31mb')).not.toContain('\u001b');
    expect(shown('x'.repeat(80))).toContain(`\`${'x'.repeat(80)}\``);
    expect(shown('x'.repeat(81))).toContain(`\`${'x'.repeat(79)}…\``);
    expect(shown(`export T=sk-or-v1-${'0123456789abcdef'.repeat(4)}`)).not.toContain('6789abcdef0123456789');
  });

  it('names the line of a damaged block, and each damage by itself', () => {
    const damages = (['no-end', 'no-begin', 'nested'] as const).map((damage) => damageMessage('rc', { kind: 'damaged', damage, line: 7 }));
    expect(new Set(damages).size).toBe(3);
    for (const text of damages) expect(text).toMatch(/`rc` line 7: .*block/);
  });
});
