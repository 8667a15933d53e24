/** A window or an output cap: `128K`, `200K`, `1.25M`; `?` for null. A multiple of 1024 that is not one of 1000 is counted in 1024s. */
export function formatTokens(tokens: number | null): string {
  if (tokens === null) return '?';
  const unit = tokens % 1000 !== 0 && tokens % 1024 === 0 ? 1024 : 1000;
  if (tokens >= unit * unit * 0.995) return `${trim(tokens / (unit * unit), 2)}M`;
  return tokens >= 1000 ? `${trim(tokens / unit, tokens < 10 * unit ? 1 : 0)}K` : String(tokens);
}

/** A total number of tokens: `980`, `12.3K`, `4.5M`, `2.25B`. */
export function formatCount(count: number): string {
  const [unit, name] = count >= 999_500_000 ? [1e9, 'B'] : count >= 999_500 ? [1e6, 'M'] : count >= 1000 ? [1000, 'K'] : [1, ''];
  const value = count / unit;
  return `${trim(value, unit === 1 || value >= 100 ? 0 : value >= 10 ? 1 : 2)}${name}`;
}

/** USD per million tokens: `$0.40`, `$0.061`, `free`; `varies` for null, a price that is not fixed. */
export function formatPrice(usd: number | null): string {
  if (usd === null) return 'varies';
  return usd === 0 ? 'free' : formatUsd(usd);
}

/** An amount of money: `$12.30`; below ten cents with two significant digits, `$0.0021`, down to `<$0.0001`. */
export function formatUsd(usd: number): string {
  if (usd > 0 && usd < 0.0001) return '<$0.0001';
  const sign = usd < 0 ? '-' : '';
  const value = Math.abs(usd);
  if (value === 0 || value >= 0.1) return `${sign}$${value.toFixed(2)}`;
  const digits = Math.min(6, 1 - Math.floor(Math.log10(value)));
  return `${sign}$${value.toFixed(digits + 1).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** A file's mode in octal: `0644`. */
export function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function trim(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : digits > 0 ? '' : zeros));
}

/** Converts whole 10^-12 USD to a decimal number of USD, exactly and without trailing zeros: `0.0015`. */
export function exactUsd(amount: bigint): string {
  const sign = amount < 0n ? '-' : '';
  const digits = String(amount < 0n ? -amount : amount).padStart(13, '0');
  const fraction = digits.slice(-12).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -12)}${fraction === '' ? '' : `.${fraction}`}`;
}
