import type { Usage } from './events.ts';
import type { Json } from './json.ts';

/** Amounts in units of 10^-12 USD, the precision of `/generation`. */
interface Charge {
  readonly input: bigint;
  readonly output: bigint;
}

/** Decimal places of prices in the calculation, and of charges. */
const [PRICE_DIGITS, CHARGE_DIGITS] = [24, 12];

/**
 * Calculates what a call costs from the price texts of `/endpoints`, in decimal arithmetic. It shares no code with orcc's own
 * calculation, which is compared with it.
 *
 * @param at milliseconds since 1970
 */
export function reckonCharge(pricing: Json, tokens: Pick<Usage, 'input' | 'cacheRead' | 'cacheWrite' | 'output'>, at: number): Charge {
  const valid = { ...pricing };
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWrite;
  for (const step of Array.isArray(pricing['overrides']) ? pricing['overrides'] : []) {
    if (isInForce(step as Json, prompt, at)) Object.assign(valid, step);
  }
  const price = (name: string, otherwise: string): bigint => digitsOf(valid[name] ?? valid[otherwise]);
  const input =
    BigInt(tokens.input) * price('prompt', 'prompt') +
    BigInt(tokens.cacheRead) * price('input_cache_read', 'prompt') +
    BigInt(tokens.cacheWrite) * price('input_cache_write', 'prompt');
  const whole = round(input + BigInt(tokens.output) * price('completion', 'completion'));
  return { input: round(input), output: whole - round(input) };
}

function isInForce(step: Json, prompt: number, at: number): boolean {
  const { min_prompt_tokens: least, utc_start: start, utc_end: end } = step;
  if (typeof least === 'number' && prompt <= least) return false;
  if (typeof start !== 'number' || typeof end !== 'number') return true;
  const time = new Date(at);
  const clock = time.getUTCHours() * 100 + time.getUTCMinutes();
  return start < end ? clock >= start && clock < end : clock >= start || clock < end;
}

/** Converts a decimal text to an integer in units of 10^-24; a router's price (`-1`) counts as 0. */
function digitsOf(price: unknown): bigint {
  const text = typeof price === 'string' && !price.startsWith('-') ? price : '0';
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.slice(0, PRICE_DIGITS).padEnd(PRICE_DIGITS, '0'));
}

function round(amount: bigint): bigint {
  const unit = 10n ** BigInt(PRICE_DIGITS - CHARGE_DIGITS);
  return (amount + unit / 2n) / unit;
}

/** Converts a charge to USD, as the API states amounts. */
export function usdOf(charge: bigint): number {
  return Number(charge) / 10 ** CHARGE_DIGITS;
}
