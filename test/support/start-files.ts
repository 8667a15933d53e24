import { Buffer } from 'node:buffer';
import { planShellFile } from '../../src/edit/shell/shell-edit.ts';
import type { BlockContent, ShellId, ShellEditInput } from '../../src/edit/shell/types.ts';

export const HOME = '/home/u';
export const KEY_FILE = '/home/u/.config/orcc/key';

/** What a set-up writes, small. */
export const CONTENT: BlockContent = {
  baseUrl: 'https://openrouter.ai/api',
  key: { kind: 'file', path: KEY_FILE },
  variables: [
    { name: 'ANTHROPIC_DEFAULT_OPUS_MODEL', value: 'z-ai/glm-4.7' },
    { name: 'ANTHROPIC_MODEL', value: 'sonnet' },
  ],
};

export const OTHER_CONTENT: BlockContent = {
  ...CONTENT,
  variables: [{ name: 'ANTHROPIC_DEFAULT_OPUS_MODEL', value: 'vend/another-model' }],
};

const SYNTAX: Record<ShellId, Pick<ShellEditInput, 'path' | 'holds' | 'placement'>> = {
  sh: { path: '/home/u/.bashrc', holds: 'block', placement: 'before-guard' },
  fish: { path: '/home/u/.config/fish/conf.d/orcc.fish', holds: 'whole', placement: 'append' },
  powershell: { path: '/home/u/profile.ps1', holds: 'block', placement: 'append' },
};

/** The input of the planner's function, with everything usual filled in. */
export function edit(
  shell: ShellId,
  before: Uint8Array | string | null,
  more: Partial<ShellEditInput> = {},
): ReturnType<typeof planShellFile> {
  const bytes = typeof before === 'string' ? Buffer.from(before) : before;
  return planShellFile({
    ...SYNTAX[shell],
    shell,
    before: bytes,
    desired: CONTENT,
    home: HOME,
    platform: 'linux',
    adopt: false,
    created: false,
    ...more,
  });
}

/** The bytes after an edit that must not be refused. */
export function after(shell: ShellId, before: Uint8Array | string | null, more: Partial<ShellEditInput> = {}): Uint8Array | null {
  const result = edit(shell, before, more);
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.after;
}

/** The same as text, one character for one byte. */
export function textAfter(shell: ShellId, before: Uint8Array | string | null, more: Partial<ShellEditInput> = {}): string {
  return Buffer.from(after(shell, before, more) ?? new Uint8Array()).toString('latin1');
}

/** The code of an edit that must be refused. */
export function codeOf(result: ReturnType<typeof planShellFile>): string | undefined {
  return result.ok ? undefined : result.code;
}

const utf16 = (text: string, isBig = false): Buffer => {
  const data = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBig ? data.swap16() : data;
};

const LINES = 'alias ll="ls -l"\nexport EDITOR=vi\n\n# the end\n';

/** Start files that other profile editors have been seen to damage. */
export const START_FILES: readonly { readonly name: string; readonly bytes: Uint8Array; readonly only?: ShellId }[] = [
  { name: 'empty', bytes: Buffer.alloc(0) },
  { name: 'one newline', bytes: Buffer.from('\n') },
  { name: 'LF', bytes: Buffer.from(LINES) },
  { name: 'CRLF', bytes: Buffer.from(LINES.replaceAll('\n', '\r\n')) },
  { name: 'mixed line ends', bytes: Buffer.from('one\r\ntwo\nthree\r\nfour\n') },
  { name: 'CR alone', bytes: Buffer.from('one\rtwo\r') },
  { name: 'no final newline', bytes: Buffer.from('export EDITOR=vi') },
  { name: 'CRLF without final newline', bytes: Buffer.from('export A=1\r\nexport EDITOR=vi') },
  { name: 'blank lines at the end', bytes: Buffer.from('export A=1\n\n\n\n') },
  { name: 'UTF-8 with byte order mark', bytes: Buffer.from('\ufeffexport A=é\n') },
  { name: 'byte order mark alone', bytes: Buffer.from('\ufeff') },
  { name: 'cp1252', bytes: Buffer.from('# caf\xe9 \x80 \x94quoted\x94\nexport A=1\n', 'latin1') },
  { name: 'Shift-JIS', bytes: Buffer.from('# \x83\x5c\x83\x8c\x83\x7c\nexport A=1\n', 'latin1') },
  { name: 'invalid UTF-8', bytes: Buffer.from([0x23, 0x20, 0xff, 0xc0, 0xaf, 0x0a, 0xe9]) },
  { name: 'half of the mark of UTF-16LE', bytes: Buffer.from([0xff, 0x0a]) },
  { name: 'half of the mark of UTF-16BE', bytes: Buffer.from([0xfe, 0x0a]) },
  { name: '1 MiB', bytes: Buffer.from('export LONG_NAME_THAT_NOBODY_SETS=1 # a line of some length\n'.repeat(17_000)) },
  { name: 'UTF-16LE', bytes: utf16('$a = "é"\r\n'), only: 'powershell' },
  { name: 'UTF-16BE', bytes: utf16('$a = "é"\r\n', true), only: 'powershell' },
  { name: 'UTF-16LE without final newline', bytes: utf16('$a = "\u{1f600}"'), only: 'powershell' },
  { name: 'UTF-16LE, empty', bytes: utf16(''), only: 'powershell' },
  {
    name: 'UTF-16LE with half a surrogate pair',
    bytes: Buffer.concat([utf16('# '), Buffer.from([0x3d, 0xd8]), Buffer.from('\r\n', 'utf16le')]),
    only: 'powershell',
  },
];
