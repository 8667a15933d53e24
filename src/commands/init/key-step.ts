import { atKeysPage, PAGES } from '../../core/hosts.ts';
import type { Choice, Context } from '../../core/context.ts';
import { OrccError, orUndefined } from '../../core/errors.ts';
import { describeAccount, describeGiven, dollars, requireUsable } from '../../config/describe-key.ts';
import { readGivenKey, sourceOf, noKeyGiven, readKeyText } from '../../keys/given-key.ts';
import { logIn, type LoginContext } from '../login/log-in.ts';
import { fetchCredits, fetchKey } from '../../openrouter/client.ts';
import { admitUrl, type AdmittedUrl, type Destination, type KeyedEndpoint } from '../../openrouter/endpoint.ts';
import { ApiError } from '../../openrouter/error-body.ts';
import { clip, maskKey, stripControls, shortPlace } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';
import type { InitIntent } from './intent.ts';
import type { Say } from '../../core/say.ts';
import { AUTH_TOKEN } from '../../claude/variables.ts';
import { OWN_STORAGE } from '../../config/storage.ts';
import { isReusable } from '../../config/parse-key.ts';
import type { Layers } from '../../claude/layers.ts';
import type { StartupAssignment } from '../../targets/startup-outcome.ts';

/** A key that is already on this machine, and where. */
export interface KeyCandidate {
  readonly key: string;
  /** `the key file`, `OPENROUTER_API_KEY`, `~/.bashrc:12`. */
  readonly where: string;
  /** True for the one that orcc uses now. */
  readonly isPresent: boolean;
}

/** Where the key will go, and which flags said so. */
export interface KeyPath {
  readonly destination: Destination;
  /** The base URL that the present key was stored for; null if not known. */
  readonly storedFor: string | null;
  /** `--to URL`. */
  readonly to: string | undefined;
  /**
   * `--base-url URL`, typed for this run: counts as consent for a key given along with it, not for one that was stored for another
   * address.
   */
  readonly typed: string | undefined;
}

export interface ChosenKey {
  readonly key: string;
  readonly endpoint: KeyedEndpoint;
  /** Where it came from, for the decision. */
  readonly source: string;
  /** What OpenRouter said about it, in one line; undefined if it was not asked. */
  readonly told: string | undefined;
  /** The account that it belongs to, after a login. */
  readonly account?: string;
  /** Calls of free models per day; absent if OpenRouter does not say. */
  readonly freeCalls?: number;
}

/** A key as it was given, not checked yet. */
interface Given {
  readonly text: string;
  readonly source: string;
}

type Slice = LoginContext & Pick<Context, 'readStdin'>;

/**
 * The key: from a flag, the one already set up (unless `anew`), one found on this machine if the user agrees, from a login in the
 * browser, or pasted without echo; then checked live. On a terminal, asks again after a refused key or login; without one, throws
 * exit 4.
 */
export async function chooseKey(
  ctx: Slice,
  intent: Pick<InitIntent, 'keyFrom' | 'check'> & { readonly anew: boolean },
  path: KeyPath,
  candidates: readonly KeyCandidate[],
  say: Say,
): Promise<ChosenKey> {
  let given = await keyWithoutQuestion(ctx, intent, candidates);
  const refused = new Set<string>();
  for (;;) {
    const asked = ctx.interactive && intent.keyFrom === undefined;
    let text = given?.text;
    try {
      // Each key once, without those refused in this run.
      const left = candidates.filter(({ key }, at) => !refused.has(key) && candidates.findIndex((each) => each.key === key) === at);
      const answer = given ?? (await askKey(ctx, path, left, say));
      const { source } = answer;
      text = answer.text;
      const key = readKeyText(text, say);
      const isPresent = candidates.some((each) => each.isPresent && each.key === key);
      return await useKey(ctx, intent, path, { key, source, isPresent }, say);
    } catch (error) {
      if (!(error instanceof OrccError)) throw error;
      // A no to sending the stored key to this address (the question was right above) still leaves open which key to use.
      const isWithheld = error.code === 'KEY_OTHER_ADDRESS' && given !== undefined;
      const isRefused = isWithheld || error.exit === 'key' || error.exit === 'usage' || error.code === 'LOGIN_TIMEOUT';
      if (!asked || !isRefused) throw tellHere(error, 'run this again with it', path);
      if (!isWithheld) say.error(error.message, tellHere(error, 'paste it here', path).hint);
    }
    if (text !== undefined) refused.add(text);
    given = undefined;
  }
}

/** The error with a hint for this step: the usual hint names a command that takes another key, but that is the next question here. */
function tellHere(error: OrccError, then: string, { destination }: KeyPath): OrccError {
  const hints: Readonly<Record<string, string>> = {
    KEY_BAD: `copy the key again or create a new one ${atKeysPage(destination.baseUrl)}, and ${then}`,
    NO_LOGIN: `it is a gateway with its own keys: get one from whoever runs it, and ${then}`,
    LOGIN_REFUSED: `log in once more, or get a key from ${PAGES.keys} and ${then}`,
    LOGIN_TIMEOUT: `log in once more, or get a key from ${PAGES.keys} and ${then}`,
  };
  const { exit, message, code, data, cause } = error;
  const hint = hints[code ?? ''];
  return hint === undefined ? error : new OrccError(exit, message, { code, data, cause, hint });
}

/** A known key with its base URL, checked live. Throws exit 4 if it is refused, 6 if it belongs elsewhere. */
export async function useKey(
  ctx: Slice,
  intent: Pick<InitIntent, 'keyFrom' | 'check'>,
  path: KeyPath,
  { key, source, isPresent }: { readonly key: string; readonly source: string; readonly isPresent: boolean },
  say: Say,
): Promise<ChosenKey> {
  const endpoint = (await admitted(ctx, path, !isPresent ? 'new' : intent.keyFrom === undefined ? 'stored' : 'given')).with(key);
  const checked = intent.check ? await checkKey(ctx, endpoint, say, source === 'login' ? 'asked' : undefined) : undefined;
  return { key, endpoint, source, told: undefined, ...checked };
}

/** The base URL for a new key, or for the stored one. Throws exit 6 if the key belongs elsewhere and nobody agrees. */
function admitted(ctx: Slice, { destination, storedFor, to, typed }: KeyPath, key: 'new' | 'stored' | 'given'): Promise<AdmittedUrl> {
  if (key === 'new') return admitUrl(ctx, destination, { to: to ?? typed });
  // A stored key that is given again belongs with the URL typed next to it.
  return admitUrl(ctx, destination, { storedFor, to: to ?? (key === 'given' ? typed : undefined) });
}

/** What OpenRouter says about a key. */
interface CheckedKey {
  readonly told: string;
  /** The account of a key from a login. */
  readonly account?: string;
  readonly freeCalls?: number;
}

/**
 * Asks OpenRouter about the key. Throws exit 4 if it can't be used. For a gateway that can't check keys it only warns, and returns
 * undefined.
 *
 * @param fetched set for a key from a login: its account is shown before the key is written anywhere; `asked` if a question comes
 * first
 */
export async function checkKey(
  ctx: Pick<Slice, 'http' | 'version' | 'signal' | 'clock'>,
  endpoint: KeyedEndpoint,
  say: Say,
  fetched?: 'asked' | 'unasked',
): Promise<CheckedKey | undefined> {
  say.progress('Checking the key');
  try {
    const row = await fetchKey(ctx, endpoint);
    requireUsable(row, ctx.clock.now());
    const told = describeGiven(row, ctx.clock.now());
    say.ok(`Key accepted: ${told}`);
    if (fetched !== undefined) say.line(wrap(describeAccount(row, fetched === 'asked'), say.style.width, '  '));
    if (row.limit !== null && (row.limit_remaining ?? 1) <= 0)
      say.warn(`the key's own limit is used up: requests with it are refused until it resets or is raised ${atKeysPage(endpoint.baseUrl)}`);
    const left = await creditLeft(ctx, endpoint);
    if (left !== undefined && left < 0)
      say.warn(`the account owes ${dollars(-left)}: OpenRouter refuses every model until credits are bought at ${PAGES.credits}`);
    const owner = row.creator_user_id;
    const free = row.free_model_daily_requests;
    return {
      told,
      ...(fetched !== undefined && owner !== null ? { account: `of the account ${clip(stripControls(owner), 80)}` } : {}),
      ...(free === null ? {} : { freeCalls: free.limit }),
    };
  } catch (error) {
    say.clear();
    if (error instanceof ApiError && error.isNoPage) {
      say.warn(`${new URL(endpoint.baseUrl).host} can't check a key; the test call will show whether it works`);
      return undefined;
    }
    throw error;
  }
}

/** USD left in the account; undefined if this key may not see it, which is the usual case, or there is no answer. */
async function creditLeft(ctx: Pick<Slice, 'http' | 'version' | 'signal' | 'clock'>, endpoint: KeyedEndpoint): Promise<number | undefined> {
  const credits = await orUndefined(fetchCredits(ctx, endpoint));
  return credits && credits.bought - credits.used;
}

/**
 * The key of a flag, or the one already set up; undefined if it has to be asked for. Throws exit 2 if there is neither and nobody
 * to ask.
 */
async function keyWithoutQuestion(
  ctx: Slice,
  { keyFrom, anew }: Pick<InitIntent, 'keyFrom'> & { readonly anew: boolean },
  candidates: readonly KeyCandidate[],
): Promise<Given | undefined> {
  if (anew) return undefined;
  if (keyFrom !== undefined) return { text: await readGivenKey(ctx, keyFrom), source: sourceOf(keyFrom) };
  const present = candidates.find((candidate) => candidate.isPresent);
  if (present !== undefined) return { text: present.key, source: present.where };
  if (ctx.interactive) return undefined;
  throw noKeyGiven();
}

/** Values of the rows that are not keys; no key looks like them. */
const LOGIN = 'login';
const PASTE = 'paste';
/** What Enter alone means at the question for a key, and how the answered line shows it. */
const BROWSER = 'log in with the browser';

/**
 * Asks for a key. A key found on this machine is the default answer; without one, a single line takes a pasted key, or Enter for
 * the browser.
 */
async function askKey(ctx: Slice, path: KeyPath, candidates: readonly KeyCandidate[], say: Say): Promise<Given> {
  const way = candidates.length === 0 ? PASTE : await askWhichKey(ctx, candidates);
  const text = way === PASTE ? await ctx.ask.password('OpenRouter key (paste, or Enter for the browser):', undefined, BROWSER) : way;
  if (text !== LOGIN && text.trim() !== '') return { text, source: candidates.find(({ key }) => key === text)?.where ?? 'typed' };
  return { text: await logIn(ctx, { url: await admitted(ctx, path, 'new'), say }), source: 'login' };
}

function askWhichKey(ctx: Pick<Context, 'ask'>, candidates: readonly KeyCandidate[]): Promise<string> {
  const found = candidates.map(({ key, where, isPresent }): Choice<string> => {
    const name = `${maskKey(key)} from ${where}${isPresent ? ' (in use)' : ''}`;
    return { value: key, name };
  });
  const choices: Choice<string>[] = [...found, { value: LOGIN, name: BROWSER }, { value: PASTE, name: 'paste another one' }];
  return ctx.ask.select('Which OpenRouter key?', choices, (candidates.find(({ isPresent }) => isPresent) ?? candidates[0])?.key);
}

/** Asks for a key without showing it. */
export async function askForKey(ctx: Pick<Context, 'ask'>): Promise<string> {
  return ctx.ask.password(`OpenRouter key (from ${PAGES.keys}; input is hidden):`, (text) =>
    text.trim() === '' ? 'Paste the key, or press Ctrl-C to stop' : true,
  );
}

/**
 * OpenRouter keys already on this machine, best first: orcc's own, OPENROUTER_API_KEY, then tokens in settings files, profiles and
 * this terminal. Only keys of the `sk-or-` shape are offered: another vendor's token must not be sent to OpenRouter.
 */
export function listCandidates(
  ctx: Pick<Context, 'env' | 'home'>,
  own: string | undefined,
  layers: Layers,
  startup: readonly StartupAssignment[],
): readonly KeyCandidate[] {
  const found: KeyCandidate[] = [];
  if (own !== undefined) found.push({ key: own, where: OWN_STORAGE, isPresent: true });
  const add = (key: string | undefined, where: string): void => {
    if (key === undefined || !isReusable(key.trim()) || found.some((each) => each.key === key.trim())) return;
    found.push({ key: key.trim(), where, isPresent: false });
  };
  add(ctx.env['OPENROUTER_API_KEY'], 'OPENROUTER_API_KEY');
  for (const file of layers.settings) {
    const token = file.env.get(AUTH_TOKEN);
    add(token?.value, shortPlace({ file: file.path, line: token?.line }, ctx.home));
  }
  for (const each of startup) {
    if (each.name === AUTH_TOKEN || each.name === 'OPENROUTER_API_KEY') add(each.value ?? undefined, shortPlace(each, ctx.home));
  }
  add(ctx.env[AUTH_TOKEN], `${AUTH_TOKEN} of this terminal`);
  return found;
}
