import { judgeLines, lineCounter, type Include, type StartupText, type Statement } from './shell-scan.ts';

/** Comments and here-strings; then strings, which stay as they are. */
const SKIPPED = /<#[^]*?(?:#>|$)|@'\r?\n[^]*?(?:\n'@|$)|@"\r?\n[^]*?(?:\n"@|$)|'(?:[^']|'')*'|"(?:[^"`]|`[^]|"")*"|`[^]|#[^\n]*/g;

/** The text with comments and here-strings blanked, every offset and line break kept. */
function blankComments(text: string): string {
  return text.replace(SKIPPED, (part, offset: number) => {
    const isToken = part.startsWith('#') && /[^\s;{}()|&]/.test(text[offset - 1] ?? '\n');
    return /^(?:<#|@|#)/.test(part) && !isToken ? part.replace(/[^\r\n]/g, ' ') : part;
  });
}

const QUOTED = `(?:'(?:[^']|'')*'|"(?:[^"\`]|\`[^]|"")*")`;
const FORMS: readonly { readonly kind: 'set' | 'unset'; readonly pattern: RegExp }[] = [
  { kind: 'set', pattern: /\$(?:env:(?<name>\w+)|\{env:(?<braced>\w+)\})[ \t]*=(?!=)[ \t]*(?<value>[^\r\n;}]*)/gi },
  {
    kind: 'set',
    pattern:
      /\b(?:Set-Item|si|New-Item|Set-Content)[ \t]+(?:-(?:Literal)?Path[ \t]+)?["']?Env:[\\/]?(?<name>\w+)["']?[ \t]+(?:-Value[ \t]+)?(?<value>[^\r\n;}]*)/gi,
  },
  {
    kind: 'set',
    pattern: new RegExp(
      `\\[(?:System\\.)?Environment\\]::SetEnvironmentVariable\\([ \\t]*["'](?<name>\\w+)["'][ \\t]*,[ \\t]*(?<value>${QUOTED}|[^,)\\r\\n]*)[^)\\r\\n]*\\)?`,
      'gi',
    ),
  },
  {
    kind: 'unset',
    pattern:
      /\b(?:Remove-Item|ri|rm|del|Clear-Item)[ \t]+(?:-(?:Literal)?Path[ \t]+)?["']?Env:[\\/]?(?<name>\w+)["']?(?<value>)[^\r\n;}]*/gi,
  },
];
const INCLUDE = /(?:^|[;{}])[ \t]*\.[ \t]+(?<path>"[^"\r\n]*"|'[^'\r\n]*'|[^\s;]+)/gm;

/** PowerShell: `$env:N =`, `${env:N} =`, `Set-Item Env:N`, `[Environment]::SetEnvironmentVariable('N'`, `Remove-Item Env:N`. Names of any case. */
export function scanPowershell(text: string, names: ReadonlySet<string>): StartupText {
  const code = blankComments(text);
  const bare = blankStrings(code);
  const depthAt = braceDepths(bare);
  const statements: Statement[] = [];
  for (const { kind, pattern } of FORMS) {
    for (const match of code.matchAll(pattern)) {
      const name = (match.groups?.['name'] ?? match.groups?.['braced'] ?? '').toUpperCase();
      // What starts inside a string is text.
      if (!names.has(name) || bare[match.index] === ' ') continue;
      const end = match.index + match[0].trimEnd().length;
      const raw = match.groups?.['value']?.trim() ?? '';
      const conditional = depthAt(match.index) > 0;
      const value = kind === 'unset' ? undefined : unquote(raw);
      const assignment = { kind, name, line: 0, offset: match.index, value, conditional };
      statements.push({ assignment, end, whole: !conditional && !/[`({|,]$/.test(raw) });
    }
  }
  statements.sort((a, b) => a.assignment.offset - b.assignment.offset);
  const lineOf = lineCounter(text);
  const includeLine = lineCounter(text);
  const includes: Include[] = [...code.matchAll(INCLUDE)].map((match) => ({
    raw: match.groups?.['path'] ?? '',
    offset: match.index,
    line: includeLine(match.index + match[0].search(/\./)),
  }));
  return { assignments: judgeLines(code, statements).map((each) => ({ ...each, line: lineOf(each.offset) })), includes };
}

/** Strings and escapes blanked too, every offset kept. */
function blankStrings(code: string): string {
  return code.replace(/'(?:[^']|'')*'|"(?:[^"`]|`[^]|"")*"|`[^]/g, (part) => ' '.repeat(part.length));
}

/** How deep in braces an offset lies; offsets must rise within one pattern, so the count starts anew for a smaller one. */
function braceDepths(text: string): (offset: number) => number {
  const bare = text.replace(/\$\{[^}]*\}/g, (part) => ' '.repeat(part.length));
  let [at, depth] = [0, 0];
  return (offset) => {
    if (offset < at) [at, depth] = [0, 0];
    for (; at < offset; at += 1) {
      if (bare[at] === '{' || bare[at] === '(') depth += 1;
      if (bare[at] === '}' || bare[at] === ')') depth = Math.max(0, depth - 1);
    }
    return depth;
  };
}

function unquote(raw: string): string | undefined {
  if (/^'(?:[^']|'')*'$/.test(raw)) return raw.slice(1, -1).replaceAll("''", "'");
  if (/^"[^"$`]*"$/.test(raw)) return raw.slice(1, -1);
  return raw === '$null' ? '' : undefined;
}
