import * as fc from 'fast-check';
import { reverseBlock } from '../../src/change/reverse.ts';
import { inspectBlock } from '../../src/edit/shell/block.ts';
import type { BlockContent, ShellEditInput } from '../../src/edit/shell/types.ts';
import { after, CONTENT, edit, HOME, KEY_FILE } from './start-files.ts';

/** Pieces that files are made of, in any order; bytes that mean something to the editor are among them. */
const piece = fc.oneof(
  fc.constantFrom(
    '\n',
    '\r\n',
    '\r',
    '',
    ' ',
    '# c\n',
    'export A=1\n',
    '[[ $- != *i* ]] && return\n',
    'if x; then\n',
    'fi\n',
    '}\n',
    'f() {\n',
    "'",
    '"',
    '\\\n',
    '<<EOF\n',
    '<<fi\n',
    'EOF\n',
    'exec fish\n',
    'export ANTHROPIC_BASE_URL=x\n',
    'export ANTHROPIC_MODEL=a; export ANTHROPIC_AUTH_TOKEN=b\n',
    '$env:ANTHROPIC_MODEL = "a"\r\n',
    '# orcc: disabled\n',
    '# >>> orcc\n',
    '\xef\xbb\xbf',
  ),
  fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 12 }),
);

/** Any start-up file. */
export const startFile = fc.array(piece, { maxLength: 14 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

const content: fc.Arbitrary<BlockContent> = fc.record({
  baseUrl: fc.constantFrom('https://openrouter.ai/api', 'http://127.0.0.1:8080/api'),
  key: fc.constantFrom<BlockContent['key'][]>(
    { kind: 'file', path: KEY_FILE },
    { kind: 'literal', value: 'sk-or-v1-0123' },
    { kind: 'env', name: 'MY_KEY' },
  ),
  variables: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('ANTHROPIC_DEFAULT_OPUS_MODEL', 'ANTHROPIC_MODEL', 'CLAUDE_CODE_MAX_OUTPUT_TOKENS'),
      value: fc.constantFrom('a/b', "it's", '32000', 'é’'),
    }),
    { selector: ({ name }) => name },
  ),
});
const shell = fc.constantFrom('sh' as const, 'powershell' as const);
const platform = fc.constantFrom('linux' as const, 'win32' as const);

const isWide = (bytes: Buffer): boolean =>
  bytes.length > 1 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
/** Half a character, or a here-document that a line of the block closes. */
const mayRefuse = (bytes: Buffer): boolean => isWide(bytes) || (bytes.includes('<<') && bytes.includes('fi'));
const isSame = (a: Uint8Array | null, b: Uint8Array | null): boolean => a !== null && b !== null && Buffer.compare(a, b) === 0;

/** Add, change, comment out, change, then take out: the exact bytes are back. */
export const blockSequences = fc.property(
  startFile,
  shell,
  platform,
  fc.array(fc.record({ desired: content, adopt: fc.boolean() }), { minLength: 1, maxLength: 5 }),
  (bytes, syntax, system, steps) => {
    let now: Uint8Array | null = bytes;
    let hidden: ShellEditInput['hidden'] = {};
    for (const step of steps) {
      const more: Partial<ShellEditInput> = { ...step, platform: system, hidden };
      const result = edit(syntax, now, more);
      if (!result.ok) return mayRefuse(bytes);
      const again = edit(syntax, result.after, more);
      if (!again.ok || again.after !== result.after) return false;
      now = result.after;
      hidden = result.hidden;
    }
    return isSame(after(syntax, now, { desired: null, platform: system, hidden }), bytes);
  },
);

/** A change of a block is taken back in a file that someone has added to since: all but the block stays as it is. */
export const reversals = fc.property(startFile, shell, content, fc.boolean(), startFile, (bytes, syntax, changed, adopt, theirs) => {
  const added = edit(syntax, bytes, { desired: CONTENT });
  if (!added.ok || added.after === null) return mayRefuse(bytes);
  const later = after(syntax, added.after, { desired: changed, adopt });
  const now = Buffer.concat([later ?? Buffer.alloc(0), theirs]);
  // An unfinished here-document above the block, closed below it: the block is text in it by then.
  if (inspectBlock(now, syntax).kind === 'none') return /<<|@['"]/.test(Buffer.from(bytes).toString('latin1'));
  const place = { home: HOME, platform: 'linux' } as const;
  const back = reverseBlock({ path: 'f', shell: syntax, now, before: added.after, isCreated: false, place });
  // Half a character behind UTF-16 is no text any more: the file is left alone.
  if (back === undefined) return isWide(bytes) && theirs.length % 2 === 1;
  return isSame(back, Buffer.concat([added.after, theirs]));
});
