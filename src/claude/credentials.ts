import { defined } from '../text/defined.ts';
import { redact } from '../text/text.ts';
import { findHelper, inEffect, type Layers, type Placement, placements, type ShellView } from './layers.ts';
import { API_KEY, API_KEY_DESCRIPTOR, AUTH_TOKEN, CUSTOM_HEADERS, OAUTH_DESCRIPTOR, OAUTH_TOKEN } from './variables.ts';

/** The credentials that `/login` and the like saved on this machine. */
export interface SavedLogins {
  /** An API key of the Anthropic Console: in `primaryApiKey` or in the macOS Keychain. */
  readonly apiKey?: SavedKey;
  /** Whether a claude.ai login is saved. */
  readonly login: boolean;
}

export interface SavedKey {
  readonly where: 'file' | 'Keychain';
  /** The path of the file, or the name of the Keychain item. */
  readonly place: string;
}

type Place = Pick<Placement, 'layer' | 'file' | 'line'>;
/** A saved login is not in any layer; `file` then names its file or Keychain item. */
type CredentialPlace = Place | { readonly layer: 'login'; readonly file: string };

type SourceId =
  | typeof AUTH_TOKEN
  | typeof API_KEY
  | typeof API_KEY_DESCRIPTOR
  | typeof OAUTH_TOKEN
  | typeof OAUTH_DESCRIPTOR
  | typeof CUSTOM_HEADERS
  | 'apiKeyHelper'
  | 'primaryApiKey'
  | 'claude.ai login';

/** A header that is sent with a credential in it. The value is left out. */
export interface SentCredential {
  /** In lower case. */
  readonly header: string;
  readonly source: SourceId;
  readonly place: CredentialPlace;
}

interface World {
  readonly layers: Layers;
  readonly from: ShellView;
  readonly saved: SavedLogins;
}
type Find = (world: World) => CredentialPlace | undefined;
type Source = readonly [source: SourceId, find: Find];

const variable = (name: SourceId): Source => [name, ({ layers, from }) => inEffect(layers, name, from)];
/** A file descriptor number. It works only in the environment; in a settings file it has no effect. */
const descriptor = (name: SourceId): Source => [
  name,
  ({ layers, from }) => placements(layers, name, from).find(({ layer, value }) => layer === 'shell' && value.trim() !== ''),
];
const helper: Source = [
  'apiKeyHelper',
  ({ layers }) => {
    const file = findHelper(layers);
    const at = file?.members.apiKeyHelper;
    return file === undefined || at === undefined ? undefined : { layer: file.layer, file: file.path, ...defined({ line: at.line }) };
  },
];
const savedKey: Source = [
  'primaryApiKey',
  ({ saved: { apiKey } }) => (apiKey === undefined ? undefined : { layer: 'login', file: apiKey.place }),
];

/**
 * Everything that Claude Code sends as a credential, strongest first for each header (each one alone and all pairs measured with
 * the real client on 2.1.212 and 2.1.332: test/prove/credentials.prove.ts).
 */
const GIVEN_KEYS: readonly Source[] = [variable(API_KEY), descriptor(API_KEY_DESCRIPTOR), helper];
const KEYS: readonly Source[] = [...GIVEN_KEYS, savedKey];
const TOKENS: readonly Source[] = [variable(AUTH_TOKEN), helper];
/** Sent only if there is no token and no API key except a saved one, which is then not sent (measured). */
const LOGINS: readonly Source[] = [
  variable(OAUTH_TOKEN),
  descriptor(OAUTH_DESCRIPTOR),
  ['claude.ai login', ({ saved }) => (saved.login ? { layer: 'login', file: 'the saved claude.ai login' } : undefined)],
];

/** Variables whose value is a credential or may contain one. */
export const CREDENTIAL_VARIABLES: readonly string[] = [AUTH_TOKEN, API_KEY, OAUTH_TOKEN, CUSTOM_HEADERS];

/** Names of headers that carry credentials; any other header counts as one if its value looks like a key. */
const CARRIES = /(?:^|-)(?:authorization|auth|api-?key|key|token|secret|password|credentials?|cookie)(?:$|-)/;

interface CustomHeader {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  readonly isCredential: boolean;
}

/** Parses ANTHROPIC_CUSTOM_HEADERS as the client does: one `Name: value` per line. Lines without a colon are ignored. */
export function customHeaders(text: string): readonly CustomHeader[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const at = line.indexOf(':');
    const name = line.slice(0, Math.max(at, 0)).trim().toLowerCase();
    const value = line.slice(at + 1).trim();
    if (name === '') return [];
    return [{ name, value, isCredential: value !== '' && (CARRIES.test(name) || redact(value) !== value) }];
  });
}

/** The text of ANTHROPIC_CUSTOM_HEADERS without headers that carry credentials, other lines unchanged; empty if nothing is left. */
export function withoutCredentials(text: string): string {
  return text
    .split('\n')
    .filter((line) => !customHeaders(line).some(({ isCredential }) => isCredential))
    .join('\n')
    .trim();
}

/** The credentials that the client sends if started with these layers, one for each header. Pure. */
export function credentialsSent(layers: Layers, from: ShellView, saved: SavedLogins): readonly SentCredential[] {
  const first = (header: string, sources: readonly Source[]): SentCredential[] =>
    sources
      .flatMap(([source, find]) => {
        const place = find({ layers, from, saved });
        return place === undefined ? [] : [{ header, source, place: plain(place) }];
      })
      .slice(0, 1);
  const token = first('authorization', TOKENS);
  const isGiven = token.length > 0 || first('x-api-key', GIVEN_KEYS).length > 0;
  const login = isGiven ? [] : first('authorization', LOGINS);
  const key = login.length > 0 ? [] : first('x-api-key', KEYS);
  const custom = inEffect(layers, CUSTOM_HEADERS, from);
  const headers = custom === undefined ? [] : customHeaders(custom.value);
  const added = headers.flatMap(({ name, isCredential }): SentCredential[] =>
    custom === undefined || !isCredential || (name === 'authorization' && token.length > 0)
      ? []
      : [{ header: name, source: CUSTOM_HEADERS, place: plain(custom) }],
  );
  const isCustom = (header: string): boolean => headers.some(({ name }) => name === header);
  // A token or helper beats an Authorization custom header, which beats a login; an x-api-key custom header beats any key (measured).
  return [...token, ...(isCustom('authorization') ? [] : login), ...(isCustom('x-api-key') ? [] : key), ...added];
}

/** The `apiKeySource` that `claude auth status` reports (measured on 2.1.212 and 2.1.332); it ignores custom headers. */
export function apiKeySource(layers: Layers, from: ShellView, saved: SavedLogins): string {
  const [source] = KEYS.find(([, find]) => find({ layers, from, saved }) !== undefined) ?? ['none'];
  if (source === API_KEY_DESCRIPTOR) return API_KEY;
  return source === 'primaryApiKey' ? '/login managed key' : source;
}

function plain({ layer, file, ...more }: CredentialPlace): CredentialPlace {
  const line = 'line' in more ? more.line : undefined;
  if (layer === 'login') return { layer, file };
  return { layer, ...defined({ file, line }) };
}
