import { judgeLines, lineCounter, type Include, type StartupText, type Statement } from './shell-scan.ts';
import { readCommands, type Command } from './shell-commands.ts';
import { staticText } from './shell-skip.ts';

const ASSIGN = /^([A-Za-z_]\w*)(\+?)=(.*)$/s;
const DECLARING = new Set(['export', 'declare', 'typeset', 'readonly']);

interface Setting {
  readonly kind: 'set' | 'unset';
  readonly name: string;
  readonly value: string | undefined;
}

/** bash, zsh, ksh: `export N=`, `N=`, `declare -x`, `typeset -x`, `unset N`, `export -n N`. */
export function scanSh(text: string, names: ReadonlySet<string>): StartupText {
  const statements: Statement[] = [];
  const includes: Include[] = [];
  const isWorthReading = [...names].some((name) => text.includes(name)) || /(?:^|[\s;&])(?:source|\.)\s/.test(text);
  if (!isWorthReading) return { assignments: [], includes };
  const lineOf = lineCounter(text);
  for (const command of readCommands(text)) {
    const include = includeOf(command);
    if (include !== undefined) includes.push({ raw: include, offset: command.start, line: lineOf(command.start) });
    const settings = settingsOf(command);
    const watched = settings.filter((setting) => names.has(setting.name));
    const conditional = command.depth > 0 || command.chained;
    const whole = !conditional && watched.length === settings.length;
    for (const setting of watched) {
      const assignment = { ...setting, line: lineOf(command.start), offset: command.start, conditional };
      statements.push({ assignment, end: command.end, whole });
    }
  }
  return { assignments: judgeLines(text, statements), includes };
}

function includeOf({ words }: Command): string | undefined {
  return words[0] === '.' || words[0] === 'source' ? words[1] : undefined;
}

/** Everything the command sets that outlives it; empty for `N=v program`. A word that sets nothing counts as a setting of ''. */
function settingsOf(command: Command): Setting[] {
  const words = command.words[0] === 'builtin' || command.words[0] === 'command' ? command.words.slice(1) : command.words;
  const [first] = words;
  if (first === undefined) return [];
  if (words.every((word) => ASSIGN.test(word))) return words.map(readAssignment);
  if (!DECLARING.has(first) && first !== 'unset') return [];
  const flags = words.slice(1).filter((word) => /^[-+][A-Za-z]+$/.test(word));
  const rest = words.slice(1).filter((word) => word !== '--' && !flags.includes(word));
  if (first === 'unset' || (first === 'export' && flags.includes('-n'))) {
    return flags.includes('-f') ? [] : rest.map((name) => ({ kind: 'unset', name, value: undefined }));
  }
  // `export N` alone sets nothing.
  return rest.filter((word) => ASSIGN.test(word)).map(readAssignment);
}

function readAssignment(word: string): Setting {
  const [, name = '', plus, raw = ''] = ASSIGN.exec(word) ?? [];
  return { kind: 'set', name, value: plus === '+' || raw.startsWith('(') ? undefined : staticText(raw) };
}
