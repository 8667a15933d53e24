/** What people type who know other programs, and the command of orcc that does it. `%` stands for the words that followed. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  set: 'switch %',
  use: 'switch %',
  change: 'switch %',
  map: 'switch %',
  select: 'switch %',
  model: 'models %',
  list: 'models %',
  ls: 'models %',
  search: 'models %',
  compare: 'models compare %',
  install: 'init',
  setup: 'init',
  start: 'init',
  configure: 'init',
  config: 'init',
  uninstall: 'remove',
  delete: 'remove',
  clean: 'remove',
  reset: 'remove',
  purge: 'remove',
  revert: 'undo',
  restore: 'undo',
  rollback: 'undo',
  back: 'switch --back',
  native: 'switch --native',
  anthropic: 'switch --native',
  verify: 'test %',
  ping: 'test %',
  fix: 'doctor --fix',
  repair: 'doctor --fix',
  diagnose: 'doctor',
  info: 'status',
  show: 'status',
  current: 'status',
  whoami: 'status',
  auth: 'login',
  logout: 'key forget',
  rotate: 'key rotate',
  balance: 'usage',
  credits: 'usage',
  cost: 'usage',
  spend: 'usage',
  exec: 'run %',
  claude: 'run -- %',
  diff: 'switch --dry-run %',
  history: 'undo --list',
  log: 'undo --list',
  save: 'profile save %',
  profiles: 'profile list',
  preset: 'profile list',
  presets: 'profile list',
  import: 'profile import %',
  simulator: 'simulate',
  version: '--version',
};

/** The sentence for a word of another program; undefined for a word that none of them has. `rest` may be shown. */
export function otherWord(word: string, rest: readonly string[]): string | undefined {
  if (['update', 'upgrade', 'self-update'].includes(word)) return '`npm install --global orcc@latest` installs the newest orcc';
  const line = Object.hasOwn(OTHER_WORDS, word) ? OTHER_WORDS[word] : undefined;
  return line === undefined
    ? undefined
    : `In orcc that is \`orcc ${line.replace(/ ?%/, () => [' ', ...rest].join(' ').trimEnd()).replace(/ +/g, ' ')}\``;
}

/** Flags with which other programs take a key, also with `=` and the key behind it. */
export function isKeyFlag(word: string): boolean {
  return /^--(?:openrouter-)?(?:key|api-?key|token|auth-token)(?:=|$)/i.test(word);
}
