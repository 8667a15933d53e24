import { dynamic, Scan, type Dynamic, type StartupText, type Statement } from './shell-scan.ts';
import { readCommands } from './shell-commands.ts';
import type { Command } from './shell-pipelines.ts';
import { staticText } from './shell-skip.ts';

const ASSIGN = /^([A-Za-z_]\w*)(\+?)=(.*)$/s;
const DECLARING = new Set(['export', 'declare', 'typeset', 'readonly']);
/** Builtins that set a variable to a value that the text does not show. */
const FILLING = new Set(['read', 'printf', 'mapfile', 'readarray', 'vared', 'getopts']);
/** Flags of `autoload`, and functions that come with zsh: they set none of our variables. */
const ZSH_FUNCTIONS =
  /^(?:-.*|(?:bash)?comp\w*|bashcompinit|promptinit|prompt\w*|colors|add-zsh-hook|add-zle-hook-widget|vcs_info|is-at-least|zmv|zargs|zcalc|zrecompile|edit-command-line|(?:up|down)-line-or-\S*|history-\S*|bracketed-paste-\S*|url-quote-magic|select-word-style|run-help\S*|cdr|chpwd_recent_\w*|zsh-mime-setup|regexp-replace|match-words-by-style|smart-insert-last-word|insert-\S*)$/;
const WORTH_READING = /(?:^|[\s;&|({`])(?:source|\.|eval|exit|return|exec|set|setopt|autoload)\s|(?:export|declare|typeset)\s[^\n;]*[$`]/m;

type Setting = Pick<Statement['assignment'], 'kind' | 'name' | 'value' | 'exported'> & { readonly from?: string };

/** Scans bash, zsh or ksh text for `export N=`, `N=`, `declare -x`, `typeset -x`, `unset N`, `export -n N`. `exporting`: `set -a` is on. */
export function scanSh(text: string, names: ReadonlySet<string>, options: { readonly exporting?: boolean } = {}): StartupText {
  // An alias or a function may redefine `claude`.
  const isWorthReading = text.includes('claude') || [...names].some((name) => text.includes(name)) || WORTH_READING.test(text);
  if (!isWorthReading) return { assignments: [], includes: [], dynamics: [], leaves: [], definitions: [] };
  const scan = new ShScan(text, names, options.exporting ?? false);
  for (const command of readCommands(text)) scan.read(command);
  return scan.result();
}

class ShScan extends Scan {
  private exporting: boolean;
  private openOption: Dynamic | undefined;
  /** Functions that zsh loads from files of their own, except those that come with it. */
  private readonly autoloaded = new Set<string>();

  constructor(text: string, names: ReadonlySet<string>, exporting: boolean) {
    super(text, names);
    this.exporting = exporting;
  }

  override result(): StartupText {
    const found = super.result();
    return this.openOption === undefined ? found : { ...found, dynamics: [...found.dynamics, this.openOption] };
  }

  read(command: Command): void {
    const line = this.lineOf(command.start);
    const { functionNames } = command;
    for (const name of functionNames) this.define(name, command, line);
    // What a subshell or a part of a pipeline sets ends with it.
    if (command.inSubshell) return;
    const words = plainWords(command.words);
    this.readDefinition(words, command, line);
    const settings = this.settingsOf(words, command);
    const watched = settings.filter(({ name }) => this.names.has(name));
    const whole =
      functionNames.length === 0 &&
      words[0] !== 'eval' &&
      command.conditions.length === 0 &&
      command.depth === 0 &&
      watched.length === settings.length;
    const { conditions, start: offset, end } = command;
    for (const setting of watched) {
      this.note({ kind: 'statement', statement: { assignment: { ...setting, line, offset, conditions }, end, whole } }, functionNames);
    }
    const computed = this.isDynamic(words, settings) ? dynamic(this.text.slice(offset, end), offset, line, conditions) : undefined;
    if (computed !== undefined) this.note({ kind: 'dynamic', dynamic: computed }, functionNames);
    this.readInclude(words, command, line);
    const [first] = words;
    if (first !== undefined) this.note({ kind: 'call', call: { name: first, offset, end, conditions } }, functionNames);
    if (functionNames.length > 0) return;
    if (first === 'autoload') for (const word of words.slice(1)) if (!ZSH_FUNCTIONS.test(word)) this.autoloaded.add(word);
    if (first === 'return' || first === 'exit' || (first === 'exec' && words.length > 1)) {
      this.leaves.push({ how: first === 'return' ? 'return' : 'exit', offset, line, conditions });
    }
    // What comes after `--` is not an option.
    if (first === 'set') this.readOption(words.join(' ').replace(/ --?(?: .*)?$/s, ''), command, line);
    // zsh's own commands for the same.
    if ((first === 'setopt' || first === 'unsetopt') && words.some((word) => /^all_?export$/i.test(word)))
      this.readOption(first === 'setopt' ? '-a' : '+a', command, line);
  }

  /** Handles `set -a` and `set +a`. After a `set -a` that may not run, without a `set +a`, it is unknown what is exported. */
  private readOption(flags: string, { start: offset, end, conditions }: Command, line: number): void {
    if (/(?:^|\s)-[a-zA-Z]*a|-o allexport/.test(flags)) {
      this.exporting = true;
      const text = this.text.slice(offset, end);
      this.openOption = conditions.length === 0 ? undefined : { text, offset, line, conditions };
    } else if (/(?:^|\s)\+[a-zA-Z]*a|\+o allexport/.test(flags)) {
      this.exporting = false;
      this.openOption = undefined;
    }
  }

  private define(name: string, { start }: Command, line: number): void {
    if (this.definitions.get(name)?.kind === 'function') return;
    this.definitions.set(name, { name, kind: 'function', text: undefined, offset: start, line });
  }

  private readDefinition([first, ...rest]: readonly string[], { start }: Command, line: number): void {
    if (first === 'unalias') for (const name of rest) this.definitions.delete(name);
    if (first !== 'alias') return;
    for (const word of rest) {
      const [, name, , raw = ''] = /^([\w.-]+)(\+?)=(.*)$/s.exec(word) ?? [];
      if (name !== undefined) this.definitions.set(name, { name, kind: 'alias', text: staticText(raw) ?? raw, offset: start, line });
    }
  }

  private readInclude(words: readonly string[], { start, conditions, loops, functionNames }: Command, line: number): void {
    const [first, raw] = words;
    if ((first !== '.' && first !== 'source') || raw === undefined) return;
    // `source <(kubectl completion bash)` reads no file.
    if (/^["']?(?:<\(|\$\(|`)/.test(raw) || raw.startsWith('/dev/')) return;
    const each = loops.get(/^["']?\$\{?(\w+)\}?["']?$/.exec(raw)?.[1] ?? '');
    const known = each === undefined ? conditions : conditions.filter(({ kind }) => kind !== 'loop');
    const more = { ...(each === undefined ? {} : { each }), ...(this.exporting ? { exporting: true } : {}) };
    this.note({ kind: 'include', include: { raw, offset: start, line, conditions: known, ...more } }, functionNames);
  }

  /** Whether only running the command would tell what it sets. */
  private isDynamic(words: readonly string[], settings: readonly Setting[]): boolean {
    const [first = '', ...rest] = words;
    if (first === 'eval') return settings.length === 0 && rest.length > 0;
    if (first === '.' || first === 'source') return /^["']?(?:<\(|\$\(|`|\/dev\/)/.test(rest[0] ?? '');
    // A name reference, a trap, and zsh's `{ … } always { … }`: the words alone don't tell what they set.
    const isIndirect =
      first === 'trap' || rest.includes('{') || (/^(?:declare|typeset)$/.test(first) && rest.some((word) => /^-\w*n/.test(word)));
    if (isIndirect && this.mentions(rest.join(' '))) return true;
    if (this.autoloaded.has(first)) return true;
    const alias = this.definitions.get(first);
    if (alias?.kind === 'alias' && this.mentions(alias.text ?? '')) return true;
    if (first === 'export' || first === 'declare' || first === 'typeset') return rest.some((word) => /^["']?(?:\$|`)/.test(word));
    // zsh's short loops have no `do`.
    return (first === 'for' || first === 'select' || first === 'repeat') && rest.some((word) => DECLARING.has(word));
  }

  private mentions(text: string): boolean {
    return [...this.names].some((name) => text.includes(name));
  }

  /** Everything the command sets that outlives it; empty for `N=v program`. */
  private settingsOf(words: readonly string[], command: Command): readonly Setting[] {
    const [first = '', ...others] = words;
    if (first === 'eval') return this.settingsOfEval(others, command);
    if (words.every((word) => ASSIGN.test(word))) return words.map((word) => readAssignment(word, this.exporting));
    if (FILLING.has(first) || first === ':') return this.filled(words);
    if (!DECLARING.has(first) && first !== 'unset') return [];
    const flags = others.filter((word) => /^[-+][A-Za-z]+$/.test(word));
    const rest = others.filter((word) => word !== '--' && !flags.includes(word));
    const has = (flag: string): boolean => flags.some((each) => each.startsWith('-') && each.includes(flag));
    // `-f` is for functions.
    if (has('f')) return [];
    if (first === 'unset' || (first === 'export' && has('n'))) {
      return rest.map((name) => ({ kind: 'unset', name, value: undefined, exported: false }));
    }
    // Inside a function these make a local variable.
    if ((first === 'declare' || first === 'typeset') && command.inFunction && !has('g')) return [];
    const exported = this.exporting || first === 'export' || has('x');
    const isFixed = first === 'readonly' || has('r');
    const isClosed = first !== 'export' && flags.some((each) => each.startsWith('+') && each.includes('x'));
    return rest.flatMap((word): Setting[] => {
      const name = word.replace(/\+?=.*/s, '');
      // `+x` ends an export; a value that it comes with is the shell's own.
      const ended: Setting[] = isClosed ? [{ kind: 'unset', name, value: undefined, exported: false }] : [];
      const set: Setting[] = ASSIGN.test(word)
        ? [readAssignment(word, exported)]
        : exported && !isClosed && /^\w+$/.test(word)
          ? [{ kind: 'export', name, value: undefined, exported: true }]
          : [];
      return [...ended, ...set, ...(isFixed ? [{ kind: 'fix' as const, name, value: undefined, exported: false }] : [])];
    });
  }

  private settingsOfEval(words: readonly string[], command: Command): readonly Setting[] {
    const parts = words.map(staticText);
    if (parts.includes(undefined)) return [];
    return [...readCommands(parts.join(' '))].flatMap((inner) =>
      inner.conditions.length > 0 || inner.depth > 0 || inner.inSubshell ? [] : this.settingsOf(plainWords(inner.words), command),
    );
  }

  /** What `read N`, `printf -v N` or `: "${N:=v}"` sets, to a value that the text does not show. */
  private filled(words: readonly string[]): readonly Setting[] {
    const [first] = words;
    const filled = first === ':' ? words.flatMap((word) => [...word.matchAll(/\$\{(\w+):?=/g)].map(([, name = '']) => name)) : words;
    return [...new Set(filled)].flatMap((name) =>
      this.names.has(name) ? [{ kind: 'set' as const, name, value: undefined, exported: this.exporting }] : [],
    );
  }
}

function plainWords(words: readonly string[]): readonly string[] {
  const isPrefix = words[0] === 'builtin' || words[0] === 'command';
  const [first, ...rest] = isPrefix ? words.slice(1) : words;
  return first === undefined ? [] : [first.replace(/^\\(?=[\w.])/, ''), ...rest];
}

function readAssignment(word: string, exported: boolean): Setting {
  const [, name = '', plus, raw = ''] = ASSIGN.exec(word) ?? [];
  const from = /^"?\$(?:(\w+)|\{(\w+)\})"?$/.exec(raw);
  const source = from?.[1] ?? from?.[2];
  const value = plus === '+' || raw.startsWith('(') ? undefined : staticText(raw);
  return { kind: 'set', name, value, exported, ...(source === undefined || plus === '+' ? {} : { from: source }) };
}
