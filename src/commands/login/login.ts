import * as z from 'zod/mini';
import { checkWritable } from '../../apply/check-writable.ts';
import { parseBaseUrl } from '../../openrouter/base-url.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { checkKey } from '../init/key-step.ts';
import { sayOf } from '../../core/say.ts';
import { changeFlags, parseIntent, seconds, text } from '../../core/intent.ts';
import { requireKeychain } from '../../config/keychain.ts';
import { describeStored, refusedToStore } from '../../keys/stored-view.ts';
import { readPresentKey, urlInUse, type PresentKey } from '../../keys/present-key.ts';
import { storeKey, requireChangeable } from '../../keys/store-key.ts';
import { logIn } from './log-in.ts';
import { planLogin } from './plan-login.ts';
import { admitUrl, type Destination } from '../../openrouter/endpoint.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import type { Outcome } from '../../core/outcome.ts';
import { checkHome } from '../../targets/check-home.ts';
import { stripControls } from '../../text/text.ts';

const schema = z.object({
  browser: z._default(z.boolean(), true),
  baseUrl: text,
  to: toFlag,
  timeout: seconds(600),
  ...changeFlags,
});

/** Where its key comes from, as a Decision records it. */
const SOURCE = 'login';

/**
 * `orcc login`: gets a key through the browser and stores it as `orcc key set` would. What the user agrees to in the browser is not
 * asked again; whether the key can be stored is checked before the browser opens.
 */
export async function runLogin(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const say = await sayOf(ctx, intent);
  // Checked before a key is asked for or sent, since it could not be stored afterwards.
  if (!intent.dryRun) checkHome(ctx);
  const present = await readPresentKey(ctx);
  const destination = addressOf(present, intent.baseUrl);
  requireStorable(ctx, present);
  if (intent.dryRun) return planLogin(ctx, present, { ...intent, baseUrl: destination.baseUrl, source: SOURCE });
  const url = await admitUrl(ctx, destination, { storedFor: await urlInUse(ctx, present), to: intent.to ?? destination.typed });
  const { baseUrl } = url;
  const key = await logIn(ctx, { url, browser: intent.browser, timeoutMs: intent.timeout, say });
  try {
    await checkKey(ctx, url.with(key), say, 'unasked');
    const stored = await storeKey(ctx, {
      ...intent,
      command: 'login',
      key,
      url: baseUrl,
      source: SOURCE,
      yes: true,
      say,
      question: '',
    });
    const outcome = describeStored(ctx, stored, { key, baseUrl });
    return present.machine.config === undefined
      ? { ...outcome, remarks: (style) => `${outcome.remarks?.(style) ?? ''}\nNow set Claude Code up: ${style.bold('orcc init')}` }
      : outcome;
  } catch (error) {
    throw refusedToStore(error, key, baseUrl);
  }
}

/** The address of the setup. Throws exit 2 for another one once there is a setup, since a key belongs to its address. */
function addressOf({ machine, baseUrl, destination }: PresentKey, given: string | undefined): Destination & { readonly typed?: string } {
  const asked = given === undefined ? baseUrl : parseBaseUrl(given);
  if (machine.config !== undefined && asked !== baseUrl) {
    throw new OrccError('usage', `orcc is set up for ${stripControls(baseUrl)}, where a key from elsewhere would not work`, {
      hint: `Change the address with \`orcc init --base-url ${stripControls(asked)}\`, which also offers the login`,
    });
  }
  return given === undefined ? destination : { baseUrl: asked, from: '`--base-url`', isTyped: true, typed: asked };
}

function requireStorable(ctx: Context, { machine, storage }: PresentKey): void {
  requireChangeable(storage);
  if (storage.kind === 'keychain') requireKeychain(ctx);
  else checkWritable(ctx, machine.own.key, 'write');
}
