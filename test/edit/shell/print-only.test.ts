import { describe, expect, it } from 'vitest';
import { linesToPaste } from '../../../src/edit/shell/print-only.ts';
import { sh } from '../../../src/edit/shell/sh.ts';

const PLACE = { home: '/h', platform: 'linux' } as const;
const VARIABLES = [{ name: 'V', value: `a'b"c\\d!e` }];
const KEYS = {
  file: { kind: 'file', path: `/h/it's "k"!` },
  env: { kind: 'env', name: 'K' },
  command: { kind: 'command', command: `op read 'a "b"'!` },
} as const;

/** `KEY` is where the lines that read the key stand. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  tcsh: [
    'set orcc_echo = $?echo ; unset echo',
    'KEY',
    `if ( "$orcc_key" != '' ) then`,
    "  setenv ANTHROPIC_BASE_URL 'https://x'",
    '  setenv ANTHROPIC_AUTH_TOKEN "$orcc_key"',
    "  setenv ANTHROPIC_API_KEY ''",
    `  setenv V 'a'\\''b"c\\d\\!e'`,
    'endif',
    'unset orcc_key',
    'if ( $orcc_echo ) set echo',
    'unset orcc_echo',
  ],
  elvish: [
    'KEY',
    "if (not-eq $orcc-key '') {",
    "  set E:ANTHROPIC_BASE_URL = 'https://x'",
    '  set E:ANTHROPIC_AUTH_TOKEN = $orcc-key',
    "  set E:ANTHROPIC_API_KEY = ''",
    `  set E:V = 'a''b"c\\d!e'`,
    '}',
  ],
  nu: [
    'KEY',
    'if $orcc_key != "" {',
    '  $env.ANTHROPIC_BASE_URL = "https://x"',
    '  $env.ANTHROPIC_AUTH_TOKEN = $orcc_key',
    '  $env.ANTHROPIC_API_KEY = ""',
    `  $env.V = "a'b\\"c\\\\d!e"`,
    '}',
  ],
  xonsh: [
    'KEY',
    'if orcc_key:',
    '  $ANTHROPIC_BASE_URL = "https://x"',
    '  $ANTHROPIC_AUTH_TOKEN = orcc_key',
    '  $ANTHROPIC_API_KEY = ""',
    `  $V = "a'b\\"c\\\\d!e"`,
  ],
};

const READS: readonly (readonly [shell: string, key: keyof typeof KEYS, lines: readonly string[]])[] = [
  [
    'tcsh',
    'file',
    [
      `setenv orcc_path '/h/it'\\''s "k"\\!'`,
      "set orcc_key = `sh -c 'cat \"$orcc_path\" 2>/dev/null' | tr -d '[:space:]'`",
      'unsetenv orcc_path',
    ],
  ],
  ['tcsh', 'env', ['set orcc_key = `printenv K`']],
  [
    'tcsh',
    'command',
    [
      `setenv orcc_command 'op read '\\''a "b"'\\''\\!'`,
      "set orcc_key = `sh -c 'sh -c \"$orcc_command\" 2>/dev/null' | tr -d '[:space:]'`",
      'unsetenv orcc_command',
    ],
  ],
  ['elvish', 'file', [`use str; var orcc-key = ''; try { set orcc-key = (str:trim-space (slurp < '/h/it''s "k"!')) } catch { }`]],
  ['elvish', 'env', ['var orcc-key = $E:K']],
  [
    'elvish',
    'command',
    [`use str; var orcc-key = ''; try { set orcc-key = (str:trim-space (sh -c 'op read ''a "b"''!' 2>/dev/null | slurp)) } catch { }`],
  ],
  ['nu', 'file', [`let orcc_key = (try { open --raw "/h/it's \\"k\\"!" | str trim } catch { "" })`]],
  ['nu', 'env', ['let orcc_key = ($env.K? | default "")']],
  ['nu', 'command', [`let orcc_key = (try { ^sh -c "op read 'a \\"b\\"'!" | str trim } catch { "" })`]],
  ['xonsh', 'file', [`import os; orcc_key = open("/h/it's \\"k\\"!").read().strip() if os.path.isfile("/h/it's \\"k\\"!") else ""`]],
  ['xonsh', 'env', ['orcc_key = __xonsh__.env.get("K", "")']],
  [
    'xonsh',
    'command',
    [
      `import subprocess; orcc_key = subprocess.run(["sh", "-c", "op read 'a \\"b\\"'!"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()`,
    ],
  ],
];

describe('lines to paste', () => {
  it.each(READS)('of %s take the key from a %s', (shell, kind, reads) => {
    const paste = linesToPaste(shell, { baseUrl: 'https://x', key: KEYS[kind], variables: VARIABLES }, PLACE);
    expect(paste?.lines).toEqual(LINES[shell]?.flatMap((line) => (line === 'KEY' ? reads : [line])));
  });

  it.each([
    ['tcsh', '~/.tcshrc'],
    ['csh', '~/.cshrc'],
    ['elvish', '~/.config/elvish/rc.elv'],
    ['nu', '~/.config/nushell/config.nu'],
    ['nushell', '~/.config/nushell/config.nu'],
    ['xonsh', '~/.xonshrc'],
    ['ksh', '~/.kshrc'],
    ['ksh93', '~/.kshrc'],
    ['mksh', '~/.mkshrc'],
    ['yash', '~/.yashrc'],
    ['dash', '~/.profile'],
    ['ash', '~/.profile'],
    ['sh', '~/.profile'],
  ])('of %s go to %s, and are the block’s where the shell is a POSIX one', (shell, file) => {
    const content = { baseUrl: 'https://x', key: KEYS.file, variables: VARIABLES };
    const paste = linesToPaste(shell, content, PLACE);
    expect(paste?.file).toBe(file);
    if (/^(?:k|mk|ya|da|a|)sh/.test(shell)) expect(paste?.lines).toEqual(sh.body(content, PLACE));
  });

  it('do not exist for a shell that orcc knows nothing of', () => {
    const content = { baseUrl: 'https://x', key: KEYS.file, variables: [] };
    for (const shell of ['oil', 'constructor']) expect(linesToPaste(shell, content, PLACE)).toBeUndefined();
  });

  it.each([
    { kind: 'file', path: '/h\n' },
    { kind: 'command', command: 'op read x\n' },
    { kind: 'env', name: 'K;id' },
  ] as const)('are refused for what no shell may get: %j', (key) => {
    for (const shell of ['tcsh', 'elvish', 'nu', 'xonsh', 'ksh'])
      expect(() => linesToPaste(shell, { baseUrl: 'https://x', key, variables: [] }, PLACE)).toThrow(
        expect.objectContaining({ exit: 'usage' }),
      );
  });
});
