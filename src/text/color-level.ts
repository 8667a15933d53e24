/**
 * The colour level (0 none to 3 true colour) by the usual conventions: FORCE_COLOR first (0 or false is off, 1 to 3 the
 * level), then NO_COLOR (any non-empty value), then TERM=dumb and whether the stream is a terminal.
 */
export function colorLevelOf(env: Readonly<Record<string, string | undefined>>, isTty: boolean): 0 | 1 | 2 | 3 {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) {
    if (force === '0' || force === 'false') return 0;
    return force === '2' ? 2 : force === '3' ? 3 : 1;
  }
  if ((env['NO_COLOR'] ?? '') !== '') return 0;
  if (!isTty || env['TERM'] === 'dumb') return 0;
  if (env['COLORTERM'] === 'truecolor' || env['COLORTERM'] === '24bit') return 3;
  return (env['TERM'] ?? '').includes('256') ? 2 : 1;
}
