import { pathsOf } from '../../core/paths-of.ts';
import { xdgFolder } from '../../core/folder.ts';
import type { Context } from '../../core/context.ts';
import { findKeys } from './find-keys.ts';

export type HistorySyntax = 'bash' | 'zsh' | 'fish' | 'powershell';

interface HistoryFile {
  readonly path: string;
  readonly syntax: HistorySyntax;
}

/** Where shells keep their histories: the default places, and the one that HISTFILE names. Includes files that do not exist. */
export function historyFiles(ctx: Pick<Context, 'env' | 'home' | 'platform'>): readonly HistoryFile[] {
  const { join, isAbsolute, basename } = pathsOf(ctx.platform);
  const data = xdgFolder(ctx, 'data');
  const zdotdir = ctx.env['ZDOTDIR'] ?? ctx.home;
  const named = ctx.env['HISTFILE'] ?? '';
  const zsh = [join(zdotdir, '.zsh_history'), join(ctx.home, '.zsh_history'), join(ctx.home, '.zhistory'), join(ctx.home, '.histfile')];
  const powershell =
    ctx.platform === 'win32'
      ? join(ctx.env['APPDATA'] ?? join(ctx.home, 'AppData', 'Roaming'), 'Microsoft', 'Windows', 'PowerShell', 'PSReadLine')
      : join(data, 'powershell', 'PSReadLine');
  const all: HistoryFile[] = [
    { path: join(ctx.home, '.bash_history'), syntax: 'bash' },
    ...zsh.map((each): HistoryFile => ({ path: each, syntax: 'zsh' })),
    { path: join(data, 'fish', 'fish_history'), syntax: 'fish' },
    { path: join(powershell, 'ConsoleHost_history.txt'), syntax: 'powershell' },
    { path: join(powershell, 'Visual Studio Code Host_history.txt'), syntax: 'powershell' },
    ...(isAbsolute(named) ? [{ path: named, syntax: /zsh|histfile/.test(basename(named)) ? ('zsh' as const) : ('bash' as const) }] : []),
  ];
  return all.filter((each, index) => all.findIndex((other) => other.path === each.path) === index);
}

/**
 * A history without the entries that hold a key, OpenRouter's or a `known` one; every other byte stays as it was. An entry is a whole
 * command: all its lines, with its time stamp.
 */
export function scrubShellHistory(bytes: Uint8Array, syntax: HistorySyntax, known: readonly string[]): Uint8Array {
  // One character per byte: zsh's own encoding of other characters stays as it is.
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .split(/(?<=\n)/);
  const kept = entriesOf(lines, syntax).filter((entry) => findKeys(entry, known).length === 0);
  return Buffer.from(kept.join(''), 'latin1');
}

function entriesOf(lines: readonly string[], syntax: HistorySyntax): readonly string[] {
  const hasStamps = syntax === 'bash' && lines.some(isStamp);
  const entries: string[] = [];
  let isOpen = false;
  for (const [index, line] of lines.entries()) {
    const isStart = syntax === 'fish' ? line.startsWith('- cmd:') : hasStamps ? isStamp(line) : !isOpen;
    if (isStart || index === 0) entries.push(line);
    else entries[entries.length - 1] += line;
    isOpen = syntax === 'zsh' ? /(?:^|[^\\])(?:\\\\)*\\\r?\n$/.test(line) : syntax === 'powershell' ? /`\r?\n$/.test(line) : false;
  }
  return entries;
}

/** With HISTTIMEFORMAT bash writes `#1700000000` above each command. */
function isStamp(line: string): boolean {
  return /^#\d{9,11}\r?\n$/.test(line);
}
