import { describe, expect, it } from 'vitest';
import { inspectText } from '../../../src/edit/shell/block.ts';
import { closedQuotes } from '../../../src/edit/shell/quoted.ts';
import { restoreAssignments } from '../../../src/edit/shell/shell-adopt.ts';
import type { ShellId } from '../../../src/edit/shell/types.ts';
import { CONTENT, textAfter } from '../../support/start-files.ts';

const MARKS = '# >>> orcc >>> v=1 sum=00000000\nsome text\n# <<< orcc <<<\n';

describe('a block that is text to the shell', () => {
  it.each<[ShellId, string, string]>([
    ['sh', 'a here-document', `cat <<E\n${MARKS}E\n`],
    ['sh', 'an indented here-document', `cat <<-E\n${MARKS}\tE\n`],
    ['sh', 'a here-document of a function', `f() {\ncat <<\\E\n${MARKS}E\n}\n`],
    ['sh', 'a here-document at the end of the file', `cat <<'E F'\n${MARKS}E F`],
    ['sh', 'a here-string', `cat <<<'\n${MARKS}'\n`],
    ['sh', 'an array', `x=(a #it's\n "\n${MARKS}"\n)\n`],
    ['sh', 'what is put in for a variable', `x=\${y:-'\n${MARKS}'}\n`],
    ['sh', 'what is cut off from a variable', `x=\${y%%<<'\n${MARKS}'}\n`],
    ['sh', 'what is put in for a variable in a string', `x="\${y:-\n${MARKS}}"\n`],
    ['sh', 'a string in a substitution', `x=$('\n${MARKS}')\n`],
    ['sh', 'a string in backticks', `x=\`'\n${MARKS}'\`\n`],
    ['sh', 'a string in a substitution in a string', `x="a$(cat '\n${MARKS}'\n)"\n`],
    ['sh', 'a here-document in a substitution', `x=$(cat <<E\n${MARKS}E\n)\n`],
    ['sh', 'a string in the file of a process', `diff <(cat '\n${MARKS}'\n) =(cat)\n`],
    ['sh', 'a string that something of more lines follows', `x="\n${MARKS}$(\na\n)"\n`],
    ['sh', 'a string with a substitution between the markers', `x="\n${MARKS.replace('some', '$(pwd)')}"\n`],
    ['sh', 'a string with another quote', `x='\n${MARKS.replace('some', '"')}'\n`],
    ['sh', 'a string with the other quote', `x="\n${MARKS.replace('some', "it's")}"\n`],
    ['sh', 'a here-document with both quotes', `<<E cat\n${MARKS.replace('some', `it's "`)}E\n`],
    ['sh', 'a string with a start too many', `x='\n# >>> orcc >>>\n${MARKS}'\n`],
    ['sh', 'a string that ends beside a marker', `x='\n# >>> orcc >>> v=1'\n`],
    ['sh', 'an ANSI string', `x=$'\\'\n${MARKS}'\n`],
    ['sh', 'a string with what would be a substitution without its backslash', `x="\\$(\n${MARKS})"\n`],
    ['fish', 'a string', `# don't\nset x '\n${MARKS}'\n`],
    ['fish', 'a string with an escaped quote', `set x 'it\\'s\n${MARKS}'\n`],
    ['fish', 'a string in double quotes', `set x "it's\n${MARKS}"\n`],
    ['powershell', 'a here-string', `$x = @'\n${MARKS}'@\n`],
    ['powershell', 'a here-string that expands', `# don't\r\n$x = @"\r\n${MARKS}"@\r\n`],
    ['powershell', 'a string', `$x = "\n${MARKS}"\n`],
    ['powershell', 'a string in single quotes', `$x = '\n${MARKS}'\n`],
    ['powershell', 'a comment', `<# don't\n${MARKS.replace('some', `it's "`)}#>\n`],
  ])('is nobody’s (%s: %s)', (shell, _, text) => {
    expect(inspectText(text, shell).kind).toBe('none');
    // fish's block has a file of its own.
    if (shell === 'fish') return;
    const written = textAfter(shell, text);
    expect(written.startsWith(text)).toBe(true);
    expect(inspectText(written, shell)).toMatchObject({ kind: 'blocks', blocks: [{ edited: false }] });
    expect(textAfter(shell, written, { desired: null })).toBe(text);
  });

  it.each([
    ['a substitution', `x=$(\n${MARKS})\n`],
    ['backticks', `x=\`\n${MARKS}\`\n`],
    ['a substitution in a string', `x="$(\n${MARKS})"\n`],
    ['a substitution behind text', `x="it's $(\n${MARKS})"\n`],
    ['a substitution behind a backslash', `x="\\\\$(\n${MARKS})"\n`],
    ['backticks in a string', `x="a\`\n${MARKS}\`"\n`],
    ['the file of a process', `cat <(\n${MARKS}) >(\n)\n`],
    ['the input of a process', `tee >(\n${MARKS})\n`],
    ['the file of a process of zsh', `cat =(\n${MARKS})\n`],
    ['the file of a process that is assigned in zsh', `x==(\n${MARKS})\n`],
    ['what an unfinished string is above', `x='a\n${MARKS}`],
    ['what comments with quotes stand around', `x=(a # it's\n)\n${MARKS}x='b'\n`],
  ])('is one where it is code: %s', (_, text) => {
    expect(inspectText(text, 'sh')).toMatchObject({ kind: 'blocks', blocks: [{ edited: true }] });
  });

  it.each<ShellId>(['sh', 'fish', 'powershell'])('is damaged where a marker stands alone, outside a string (%s)', (shell) => {
    expect(inspectText("x 'a'\n# >>> orcc >>> v=1\n", shell)).toMatchObject({ kind: 'damaged', damage: 'no-end' });
    expect(inspectText("x 'a\n# >>> orcc >>> v=1\n", shell)).toMatchObject({ kind: 'damaged', damage: 'no-end' });
  });

  it.each<ShellId>(['sh', 'fish', 'powershell'])('is orcc’s where the string ends in it, or never (%s)', (shell) => {
    const block = textAfter(shell, '');
    for (const [before, after] of [
      ['x="a\n', ''],
      ["x='a\n", ''],
      ["x='a\n", "\ny='b'\n"],
      ['x="a\n', '\ny="b"\n'],
      ["# it's\n", "# it's\n"],
      ['cat <<E\n', ''],
      ["$x = @'\n", ''],
    ] as const)
      expect([before, inspectText(before + block + after, shell)]).toMatchObject([before, { kind: 'blocks', blocks: [{ edited: false }] }]);
  });

  it('is damaged, as anywhere, where half of it stands outside, and none where a marker alone is text', () => {
    expect(inspectText(`cat <<E\n# >>> orcc >>> v=1\nE\n# <<< orcc <<<\n`, 'sh').kind).toBe('damaged');
    expect(inspectText(`x='\n# >>> orcc >>> v=1\n'\n# <<< orcc <<<\n`, 'sh').kind).toBe('blocks');
    expect(inspectText(`cat <<E\n# >>> orcc >>> v=1\nE\n`, 'sh').kind).toBe('none');
    expect(inspectText(`x='\n# <<< orcc <<<\n'\n`, 'sh').kind).toBe('none');
    const block = textAfter('sh', '', { desired: { ...CONTENT, key: { kind: 'literal', value: 'k' } } });
    for (const text of [`x='\n# <<< orcc <<<\n'\ny='\n# >>> orcc >>>\n'\n${block}`, `x='\n# >>> orcc >>>\n'\ny="a\n${block}y="b"\n`])
      expect(inspectText(text, 'sh')).toMatchObject({ kind: 'blocks', blocks: [{ edited: false }] });
  });
});

it('a line that nobody has a record of stays commented out, even beside one whose record is kept', () => {
  const text = '# orcc: disabled: export A=1\n# orcc: disabled: export B=2\n';
  expect(restoreAssignments(text, {})).toEqual({ text, lines: [], lost: [], foreign: [1, 2] });
});

it.each<readonly [text: string, strings: readonly string[], documents: readonly string[]]>([
  ["x='a\nb'", ["'a\nb'"], []],
  ['cat <<E\na\nE\n[[ a = "b\nc" ]]\n', ['"b\nc"'], ['a\nE\n']],
  ['x=$(cat <<E\na\nE\n)', [], ['a\nE\n']],
  ...['<(', '>(', '=(', 'x==('].map((open) => [`cat ${open}cat <<E\na\nE\n)#'b\nc'`, ["'b\nc'"], ['a\nE\n']] as const),
  ["x='a\nb", [], []],
  ['cat <<E\na\n', [], []],
])('in %j the shell takes for text what is closed', (text, strings, documents) => {
  const found = closedQuotes(text, 'sh');
  const parts = [found.strings, found.documents].map((all) => all.map(({ start, end }) => text.slice(start, end)));
  expect(parts).toEqual([strings, documents]);
});
