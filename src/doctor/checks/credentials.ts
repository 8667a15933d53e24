import { ALIASES } from '../../claude/aliases.ts';
import { API_KEY, AUTH_TOKEN, BASE_URL, DEFAULT_MODEL, MODEL } from '../../claude/variables.ts';
import { parseBaseUrl, withoutEndpoint } from '../../openrouter/base-url.ts';
import { isModelId } from '../../openrouter/model-id.ts';
import { findingOf } from '../../diagnose/build.ts';
import { OrccError } from '../../core/errors.ts';
import { effective, type Layers, type Placement, type ShellView, inEffect, type EffectiveMapping } from '../../claude/layers.ts';
import { stripControls } from '../../text/text.ts';
import { ASK_ADMINISTRATOR, type Check, describePlace, hasBaseUrl, inForeign, isForeign, type Fix, once, placeArgs } from '../check.ts';
import type { Observed } from '../observed.ts';
import { describeSavedKey } from './credential-added.ts';

/** The state that sends a saved login to a stranger (design D4). */
export const urlWithoutToken: Check = {
  code: 'URL_WITHOUT_TOKEN',
  fine: 'no base URL is set without a token',
  run: ({ layers, views, saved, configured, missingKey }) =>
    once(
      views.flatMap(({ name, from, mapping }) => {
        const { baseUrl } = mapping;
        // A key in ANTHROPIC_API_KEY is the only one sent, with or without a login (measured): API_KEY_PRESENT reports it.
        if (baseUrl === undefined || hasCredential(mapping) || !isForeign(baseUrl.value)) return [];
        const oauth = [from, 'process' as const].flatMap((view) => inEffect(layers, 'CLAUDE_CODE_OAUTH_TOKEN', view) ?? [])[0];
        const evidence = [
          `${describePlace(baseUrl)} sets ${BASE_URL}, and no layer provides a token (${name})`,
          ...(oauth === undefined ? [] : [`${describePlace(oauth)} sets CLAUDE_CODE_OAUTH_TOKEN, a claude.ai login, which would be sent`]),
          ...(saved.login ? ['a claude.ai login is saved on this machine and would be sent'] : []),
          ...(saved.apiKey === undefined ? [] : [`${describeSavedKey(saved.apiKey)} contains an Anthropic API key, which would be sent`]),
        ];
        const canRewrite = configured !== undefined && missingKey === undefined && baseUrl.layer !== 'managed';
        const fixes: Fix[] = canRewrite
          ? [{ kind: 'rewrite' }]
          : baseUrl.file === undefined || baseUrl.layer === 'managed' || baseUrl.layer === 'shell'
            ? []
            : // Set aside, not blanked: an empty value would win over an address set up later, and send its key to Anthropic (measured).
              [BASE_URL, ...(configured === undefined ? modelsBeside(layers, baseUrl.file) : [])].map((each) => ({
                kind: 'remove-member' as const,
                path: baseUrl.file ?? '',
                member: ['env', each],
              }));
        const finding = findingOf('URL_WITHOUT_TOKEN', { baseUrl: baseUrl.value, ...placeArgs(baseUrl) }, evidence, BASE_URL);
        return [{ finding, fixes, ...managedHint(baseUrl) }];
      }),
    ),
};

/** Variables in the same file with models that only that address has: without it Anthropic would be asked for them. */
function modelsBeside({ settings }: Layers, path: string): readonly string[] {
  const env = settings.find((each) => each.path === path)?.env ?? new Map<string, { readonly value: string }>();
  const names = [...ALIASES.map(({ variable }) => variable), MODEL, DEFAULT_MODEL];
  return names.filter((name) => isModelId(env.get(name)?.value ?? ''));
}

function hasCredential({ token, apiKey, apiKeyHelper }: EffectiveMapping): boolean {
  return token !== undefined || apiKey !== undefined || apiKeyHelper !== undefined;
}

/** An address that Claude Code can't use as it is. */
export const baseUrlWrong: Check = {
  code: 'BASE_URL_WRONG',
  fine: 'the base URL is well-formed',
  applies: hasBaseUrl,
  run: ({ views, configured }) =>
    inForeign({ views }, ({ mapping: { baseUrl } }) => {
      const wrong = baseUrl && reasonAgainst(baseUrl.value.trim());
      if (baseUrl === undefined || wrong === undefined) return [];
      const evidence = [
        `${describePlace(baseUrl)}: \`${stripControls(baseUrl.value)}\` ${wrong.reason}`,
        ...(wrong.hint === undefined ? [] : [wrong.hint]),
      ];
      const right = configured?.baseUrl ?? fixedUrl(baseUrl.value.trim());
      const fixes = baseUrl.layer === 'managed' ? [] : configured === undefined ? putRight(baseUrl, right) : [{ kind: 'rewrite' as const }];
      const finding = findingOf('BASE_URL_WRONG', { baseUrl: baseUrl.value, right, ...placeArgs(baseUrl) }, evidence, BASE_URL);
      return [{ finding, fixes, ...managedHint(baseUrl) }];
    }),
};

/** The URL without an endpoint at its end, the one fault that can be fixed without knowing what was meant; else undefined. */
function fixedUrl(url: string): string | undefined {
  const right = withoutEndpoint(url);
  return right !== url && reasonAgainst(right) === undefined ? right : undefined;
}

function putRight({ layer, file }: Placement, right: string | undefined): Fix[] {
  if (right === undefined || layer === 'shell' || file === undefined) return [];
  return [{ kind: 'set-member', path: file, member: ['env', BASE_URL], value: right }];
}

function reasonAgainst(baseUrl: string): { readonly reason: string; readonly hint: string | undefined } | undefined {
  try {
    parseBaseUrl(baseUrl);
    return undefined;
  } catch (error) {
    if (!(error instanceof OrccError)) throw error;
    return { reason: error.message.replace(/^--base-url `[^`]*` /, ''), hint: error.hint };
  }
}

const KEY_BY_HAND = `put an OpenRouter key into ${AUTH_TOKEN} and leave ${API_KEY} empty (\`orcc init\` does both)`;

/** A real key that is sent with the token, or instead of it. */
export const apiKeyPresent: Check = {
  code: 'API_KEY_PRESENT',
  fine: `the variable ${API_KEY} holds no key`,
  run: (observed) =>
    inForeign(observed, ({ name, from, mapping: { apiKey, baseUrl, token, apiKeyHelper } }) => {
      if (apiKey === undefined) return [];
      const isAlone = token === undefined && apiKeyHelper === undefined;
      const reason = isAlone ? 'instead of a token, which it may not accept' : undefined;
      const args = { ...placeArgs(apiKey), baseUrl: baseUrl?.value, reason };
      const finding = findingOf('API_KEY_PRESENT', args, [`${describePlace(apiKey)} sets it (${name})`], API_KEY);
      const fixes = isAlone ? tokenInstead(observed, apiKey, from) : blankApiKey(observed, apiKey);
      return [{ finding, fixes, ...(isAlone ? { byHand: KEY_BY_HAND } : {}), ...managedHint(apiKey) }];
    }),
};

/** Nothing blanks the variable, so a real key in any environment would be sent along (design D5). PowerShell deletes it instead. */
export const apiKeyUnguarded: Check = {
  code: 'API_KEY_UNGUARDED',
  fine: `an empty ${API_KEY} keeps a real one from being sent along`,
  run: (observed) => {
    const { layers, views, platform } = observed;
    const { baseUrl, token, apiKeyHelper } = views[0]?.mapping ?? {};
    if (baseUrl === undefined || !isForeign(baseUrl.value) || (token ?? apiKeyHelper) === undefined) return [];
    if (views.some(({ mapping }) => mapping.apiKey !== undefined)) return [];
    if (effective(layers, API_KEY, 'startup') !== undefined || (platform === 'win32' && baseUrl.layer === 'shell')) return [];
    const evidence = [`${describePlace(baseUrl)} sets ${BASE_URL}, and no layer sets ${API_KEY}`];
    const finding = findingOf('API_KEY_UNGUARDED', { baseUrl: baseUrl.value }, evidence, API_KEY);
    return [{ finding, fixes: blankApiKey(observed, baseUrl), ...managedHint(baseUrl) }];
  },
};

/** Blanking the API key would leave a base URL without any credential (design D4), so a token comes first. */
function tokenInstead(
  { layers, configured, missingKey }: Observed,
  { layer, file }: Pick<Placement, 'layer' | 'file'>,
  from: ShellView,
): Fix[] {
  if (layer === 'managed') return [];
  if (configured !== undefined && missingKey === undefined) return [{ kind: 'rewrite' }];
  const isOurs = inEffect(layers, API_KEY, from)?.value.trim().startsWith('sk-or-') === true;
  return isOurs && layer !== 'shell' && file !== undefined ? [{ kind: 'key-to-token', path: file }] : [];
}

/** Puts an empty value over a real one in a settings file; for an exported one, disables its line, or puts it into user settings. */
function blankApiKey({ layers, own, handWritten }: Observed, apiKey: Pick<Placement, 'layer' | 'file'>): Fix[] {
  if (apiKey.layer === 'managed') return [];
  const set = (path: string): Fix[] => [{ kind: 'set-member', path, member: ['env', API_KEY], value: '' }];
  if (apiKey.layer !== 'shell') return apiKey.file === undefined ? [] : set(apiKey.file);
  const exported = handWritten.find((each) => each.name === API_KEY && each.file === apiKey.file && each.adoptable);
  const ownsUser = own.some(({ id }) => id === 'user');
  if (!ownsUser && exported?.line !== undefined) return [{ kind: 'adopt', path: exported.file, line: exported.line }];
  const user = layers.settings.find(({ layer }) => layer === 'user');
  return user === undefined || user.state === 'invalid' || user.state === 'unreadable' ? [] : set(user.path);
}

function managedHint({ layer }: Pick<Placement, 'layer'>): { byHand?: string } {
  return layer === 'managed' ? { byHand: ASK_ADMINISTRATOR } : {};
}

/** Two credentials that are sent together, one in each header. */
export const authConflict: Check = {
  code: 'AUTH_CONFLICT',
  fine: 'one credential is sent, not two',
  applies: hasBaseUrl,
  run: ({ views, configured }) =>
    once(
      views.flatMap(({ mapping: { apiKeyHelper, token, baseUrl } }) => {
        if (apiKeyHelper === undefined || token === undefined || baseUrl === undefined) return [];
        const evidence = [`${describePlace(token)} sets a token`, `${describePlace(apiKeyHelper)} names an apiKeyHelper`];
        const [other, member] = configured?.helper === true ? [token, ['env', AUTH_TOKEN]] : [apiKeyHelper, ['apiKeyHelper']];
        const file = configured === undefined || other.layer === 'managed' || other.layer === 'shell' ? undefined : other.file;
        // An empty value turns it off, whatever the layers below say (measured); without it, theirs would take effect.
        const fixes: Fix[] = file === undefined ? [] : [{ kind: 'set-member', path: file, member, value: '' }];
        const byHand = 'keep one of them: `orcc status --all` shows both, `orcc key storage` changes where the key is kept';
        return [{ finding: findingOf('AUTH_CONFLICT', placeArgs(apiKeyHelper), evidence), fixes, byHand }];
      }),
    ),
};

/** A login that would be used if the token went away. */
export const authConflictLogin: Check = {
  code: 'AUTH_CONFLICT_LOGIN',
  fine: 'no claude.ai login is saved besides the token',
  run: ({ views, state, saved }) => {
    if (!saved.login || !views.some(({ mapping }) => mapping.token !== undefined && mapping.baseUrl !== undefined)) return [];
    const evidence = state.login ? `${state.path} or the credentials beside it hold a login` : 'the macOS Keychain holds a login';
    return [{ finding: findingOf('AUTH_CONFLICT_LOGIN', {}, [evidence]) }];
  },
};

/** The stored key that is not where it should be. */
export const keyMissing: Check = {
  code: 'KEY_MISSING',
  fine: 'the key is where orcc stored it',
  applies: ({ configured }) => configured !== undefined,
  run: ({ missingKey }) => {
    if (missingKey === undefined) return [];
    const { file, place, why = `there is no key in ${place}` } = missingKey;
    return [{ finding: findingOf('KEY_MISSING', { file }, [why]) }];
  },
};
