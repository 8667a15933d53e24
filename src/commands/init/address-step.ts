import { DEFAULT_BASE_URL } from '../../core/hosts.ts';
import { type Layers, effectiveMapping } from '../../claude/layers.ts';
import { BASE_URL } from '../../claude/variables.ts';
import type { Config } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import { parseBaseUrl } from '../../openrouter/base-url.ts';
import type { StartupAssignment } from '../../targets/startup-outcome.ts';
import { attempt } from '../../text/attempt.ts';
import type { InitIntent } from './intent.ts';

/** The address to set up. */
interface Address {
  readonly baseUrl: string;
  /** The same address if the user named it in this run: a new key may go there. */
  readonly typed: string | undefined;
}

/**
 * The flag's address, else the configuration's, else OpenRouter's. If Claude Code points to another one by hand, a terminal asks
 * which of the two is meant, since a gateway has its own models and keys. An address from the user's own files is preselected; one
 * that only the environment holds may come from a folder, so Enter must not send a key there.
 */
export async function chooseAddress(
  ctx: Pick<Context, 'ask' | 'interactive'>,
  { baseUrl: flag }: Pick<InitIntent, 'baseUrl'>,
  config: Pick<Config, 'baseUrl'> | undefined,
  { layers, startup }: { readonly layers: Layers; readonly startup: readonly StartupAssignment[] },
): Promise<Address> {
  const baseUrl = flag ?? config?.baseUrl;
  if (baseUrl !== undefined || !ctx.interactive) return { baseUrl: baseUrl ?? DEFAULT_BASE_URL, typed: flag };
  const byFile = startup.filter(({ name, kind, conditions }) => name === BASE_URL && kind === 'set' && conditions.length === 0);
  const inEffect = effectiveMapping(layers, 'process').baseUrl;
  const seen = readAddress(inEffect?.value ?? byFile.at(-1)?.value);
  if (seen === undefined || seen === DEFAULT_BASE_URL) return { baseUrl: DEFAULT_BASE_URL, typed: undefined };
  const isOwn = inEffect?.layer === 'user' || byFile.some(({ value }) => readAddress(value) === seen);
  const chosen = await ctx.ask.select(
    'Which address should be set up?',
    [
      { value: seen, name: `${seen}, which is set by hand now`, short: seen },
      { value: DEFAULT_BASE_URL, name: `${DEFAULT_BASE_URL}, OpenRouter's own`, short: DEFAULT_BASE_URL },
    ],
    isOwn ? seen : DEFAULT_BASE_URL,
  );
  return { baseUrl: chosen, typed: chosen === DEFAULT_BASE_URL ? undefined : chosen };
}

/** A valid address; undefined for any other, which is replaced without a message. */
function readAddress(text: string | undefined): string | undefined {
  return text === undefined ? undefined : attempt(() => parseBaseUrl(text.trim(), BASE_URL));
}
