/** What people type who know other programs, behind the command of orcc that does it. `%` stands for the words that followed. */
const OTHER_WORDS: readonly (readonly [command: string, words: string])[] = [
  ['switch %', 'set use change map select'],
  ['models %', 'model list ls search'],
  ['models compare %', 'compare'],
  ['init', 'install setup start configure config'],
  ['remove', 'uninstall delete clean reset purge'],
  ['undo', 'revert restore rollback'],
  ['switch --back', 'back'],
  ['switch --native', 'native anthropic'],
  ['test %', 'verify ping'],
  ['doctor --fix', 'fix repair'],
  ['doctor', 'diagnose'],
  ['status', 'info show current whoami'],
  ['login', 'auth'],
  ['key forget', 'logout'],
  ['key rotate', 'rotate'],
  ['usage', 'balance credits cost spend'],
  ['run %', 'exec'],
  ['run -- %', 'claude'],
  ['switch --dry-run %', 'diff'],
  ['undo --list', 'history log'],
  ['profile save %', 'save'],
  ['profile list', 'profiles preset presets'],
  ['profile import %', 'import'],
  ['simulate', 'simulator'],
  ['--version', 'version'],
];

/** The sentence for a word of another program; undefined for a word that none of them has. `rest` may be shown. */
export function otherWord(word: string, rest: readonly string[]): string | undefined {
  if (['update', 'upgrade', 'self-update'].includes(word)) return '`npm install --global orcc@latest` installs the newest orcc';
  const line = OTHER_WORDS.find(([, words]) => words.split(' ').includes(word))?.[0];
  return line === undefined
    ? undefined
    : `In orcc that is \`orcc ${line.replace(/ ?%/, () => [' ', ...rest].join(' ').trimEnd()).replace(/ +/g, ' ')}\``;
}

/** Flags with which other programs take a key, also with `=` and the key behind it. */
export function isKeyFlag(word: string): boolean {
  return /^--(?:openrouter-)?(?:key|api-?key|token|auth-token)(?:=|$)/i.test(word);
}
