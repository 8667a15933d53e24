import type { Context } from '../context.ts';
import { OrccError } from '../errors.ts';
import { describeKey, requireUsable } from '../keys/describe-key.ts';
import { parseKey } from '../keys/parse-key.ts';
import { fetchKey } from '../openrouter/client.ts';
import { ApiError } from '../openrouter/error-body.ts';
import { maskKey } from '../report/text.ts';
import type { InitIntent } from './intent.ts';
import type { Say } from './say.ts';

/** A key that is on this machine already, and where. */
export interface KeyCandidate {
  readonly key: string;
  /** `the key file`, `OPENROUTER_API_KEY`, `~/.bashrc:12`. */
  readonly where: string;
  /** It is the one orcc uses now. */
  readonly isPresent: boolean;
}

export interface ChosenKey {
  readonly key: string;
  /** What OpenRouter said of it, in one line; undefined where it was not asked. */
  readonly told: string | undefined;
}

type Slice = Pick<Context, 'http' | 'version' | 'signal' | 'ask' | 'interactive' | 'env' | 'readStdin' | 'clock'>;

/**
 * The key: from a flag, from what is already there if the user agrees, or pasted unseen; then
 * checked live. On a terminal a refused key is asked for again; without one it is exit 4.
 */
export async function chooseKey(ctx: Slice, intent: InitIntent, baseUrl: string, candidates: readonly KeyCandidate[], say: Say): Promise<ChosenKey> {
  let given = await keyFromFlags(ctx, intent, candidates);
  for (;;) {
    const text = given ?? (await askKey(ctx, candidates));
    given = undefined;
    const asked = ctx.interactive && intent.keyFrom === undefined;
    try {
      const { key, warning } = parseKey(text);
      if (warning !== undefined) say.warn(warning);
      if (!intent.check) return { key, told: undefined };
      const told = await checkKey(ctx, baseUrl, key, say);
      return { key, told };
    } catch (error) {
      const isRefused = error instanceof OrccError && (error.exit === 'key' || error.exit === 'usage');
      if (!asked || !isRefused) throw error;
      say.error(error.message, error.hint);
    }
  }
}

/** Asks OpenRouter about the key. Throws exit 4 where it can't serve; a gateway without this page is only remarked on. */
export async function checkKey(ctx: Pick<Slice, 'http' | 'version' | 'signal' | 'clock'>, baseUrl: string, key: string, say: Say): Promise<string | undefined> {
  say.progress('Checking the key');
  try {
    const row = await fetchKey(ctx, { baseUrl, key });
    requireUsable(row, ctx.clock.now());
    const told = describeKey(row, ctx.clock.now());
    say.ok(`Key accepted: ${told}`);
    return told;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 405)) {
      say.warn(`${new URL(baseUrl).host} has no page for checking a key; the test call will show whether it works`);
      return undefined;
    }
    throw error;
  }
}

async function keyFromFlags(ctx: Slice, intent: InitIntent, candidates: readonly KeyCandidate[]): Promise<string | undefined> {
  if (intent.keyFrom?.kind === 'stdin') {
    try {
      return await ctx.readStdin(65_536);
    } catch (error) {
      throw new OrccError('usage', 'Standard input holds more than a key', { hint: 'Give the key alone, for example `--key-stdin < keyfile`', cause: error });
    }
  }
  if (intent.keyFrom?.kind === 'env') {
    const value = ctx.env[intent.keyFrom.name];
    if (value === undefined || value === '') {
      throw new OrccError('usage', `\`--key-env\`: the variable ${intent.keyFrom.name} is ${value === '' ? 'empty' : 'not set'}`, { hint: 'Export it first' });
    }
    return value;
  }
  if (ctx.interactive) return undefined;
  const present = candidates.find((candidate) => candidate.isPresent);
  if (present !== undefined) return present.key;
  throw new OrccError('usage', 'A key is needed, and there is no terminal to ask for it', {
    code: 'KEY_MISSING',
    hint: 'Give `--key-stdin` or `--key-env NAME`',
  });
}

async function askKey(ctx: Slice, candidates: readonly KeyCandidate[]): Promise<string> {
  const unique = candidates.filter((candidate, index) => candidates.findIndex((each) => each.key === candidate.key) === index);
  if (unique.length > 0) {
    const chosen = await ctx.ask.select<string | undefined>('Which OpenRouter key?', [
      ...unique.map((candidate) => ({
        value: candidate.key,
        name: `${maskKey(candidate.key)} from ${candidate.where}${candidate.isPresent ? ' (in use)' : ''}`,
      })),
      { value: undefined, name: 'Paste another one' },
    ]);
    if (chosen !== undefined) return chosen;
  }
  return ctx.ask.password('OpenRouter key (from https://openrouter.ai/settings/keys; it is not shown):', (text) =>
    text.trim() === '' ? 'Paste the key, or press Ctrl-C to stop' : true,
  );
}
