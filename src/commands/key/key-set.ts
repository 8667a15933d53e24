import { atKeysPage, isOpenRouter } from '../../core/hosts.ts';
import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { askForKey, checkKey } from '../init/key-step.ts';
import { type Say, sayOf } from '../../core/say.ts';
import { changeFlags, flag, parseIntent, text } from '../../core/intent.ts';
import { parseKeyFrom, readGivenKey, sourceOf, noKeyGiven, readKeyText } from '../../keys/given-key.ts';
import { describeStored, refusedToStore } from '../../keys/stored-view.ts';
import { readPresentKey, urlInUse } from '../../keys/present-key.ts';
import { requireChangeable, storeKey } from '../../keys/store-key.ts';
import { logIn } from '../login/log-in.ts';
import { planLogin } from '../login/plan-login.ts';
import { admitUrl, type AdmittedUrl } from '../../openrouter/endpoint.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import type { Outcome } from '../../core/outcome.ts';
import { checkHome } from '../../targets/check-home.ts';

const schema = z.object({
  keyStdin: flag,
  keyEnv: text,
  login: flag,
  check: z._default(z.boolean(), true),
  to: toFlag,
  ...changeFlags,
});
type Intent = z.infer<typeof schema>;

/** `orcc key set`: once OpenRouter has accepted a key, writes it to the current storage and to every file that holds it literally. */
export async function runKeySet(ctx: Context, input: unknown): Promise<Outcome> {
  return putKey(ctx, parseIntent(schema, input), 'key set');
}

/** `orcc key rotate`: the same for a new key that replaces a stored one; the old one stays until the new one has been accepted. */
export async function runKeyRotate(ctx: Context, input: unknown): Promise<Outcome> {
  return putKey(ctx, parseIntent(schema, input), 'key rotate');
}

async function putKey(ctx: Context, intent: Intent, command: 'key set' | 'key rotate'): Promise<Outcome> {
  const from = parseKeyFrom(intent);
  if (intent.login && from !== undefined) {
    throw new OrccError('usage', "`--login` can't be combined with a key from elsewhere", { hint: 'Use one of them' });
  }
  const say = await sayOf(ctx, intent);
  // Checked before a key is asked for or sent, since it could not be stored afterwards.
  if (!intent.dryRun) checkHome(ctx);
  const present = await readPresentKey(ctx);
  const { storage, key: old, destination } = present;
  requireChangeable(storage);
  if (command === 'key rotate' && old === undefined) {
    throw new OrccError('nothing', 'There is no key to replace', { code: 'KEY_MISSING', hint: '`orcc key set` stores one' });
  }
  if (!intent.login && from === undefined && !ctx.interactive) throw noKeyGiven();
  const given = from === undefined ? undefined : readKeyText(await readGivenKey(ctx, from), say);
  // Settled before the key is asked for: a new key is meant for OpenRouter or for the address in use, unless `--to` says otherwise.
  const url = await admitUrl(ctx, destination, { storedFor: await urlInUse(ctx, present), to: intent.to });
  const { baseUrl } = url;
  const source = intent.login ? '--login' : sourceOf(from);
  if (intent.login && intent.dryRun) return planLogin(ctx, present, { ...intent, baseUrl, source });
  const key = given ?? (await takeKey(ctx, intent, url, say));
  if (command === 'key rotate' && key === old) {
    throw new OrccError('usage', 'That key is already stored', {
      hint: `Create a new one ${atKeysPage(baseUrl)}${isOpenRouter(baseUrl) ? ', or use `--login`' : ''}`,
    });
  }
  const endpoint = url.with(key);
  if (intent.check) await checkKey(ctx, endpoint, say);
  try {
    const stored = await storeKey(ctx, {
      ...intent,
      command,
      key,
      url: baseUrl,
      source,
      say,
      question: old === undefined ? 'Store it?' : 'Replace the old one?',
    });
    return describeStored(ctx, stored, { key, baseUrl });
  } catch (error) {
    throw intent.login ? refusedToStore(error, key, baseUrl) : error;
  }
}

async function takeKey(ctx: Context, { login }: Intent, url: AdmittedUrl, say: Say): Promise<string> {
  if (login) return logIn(ctx, { url, say });
  return readKeyText(await askForKey(ctx), say);
}
