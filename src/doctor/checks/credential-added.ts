import { credentialsSent, customHeaders, withoutCredentials, type SavedKey, type SentCredential } from '../../claude/credentials.ts';
import { inEffect } from '../../claude/layers.ts';
import { API_KEY_DESCRIPTOR, CUSTOM_HEADERS } from '../../claude/variables.ts';
import { findingOf } from '../../diagnose/build.ts';
import { mayBeMeantFor } from '../../openrouter/key-vendor.ts';
import { ASK_ADMINISTRATOR, describePlace, hasBaseUrl, isForeign, once, placeArgs, type Check, type Fix, type Result } from '../check.ts';
import type { Observed, View } from '../observed.ts';

/** What each source is called; the sources that are not here have findings of their own. */
const WHAT: Partial<Record<SentCredential['source'], string>> = {
  primaryApiKey: 'an Anthropic API key, saved by `/login`,',
  [API_KEY_DESCRIPTOR]: 'the API key behind `CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR`',
  [CUSTOM_HEADERS]: 'a credential in `ANTHROPIC_CUSTOM_HEADERS`',
};

/** A credential that is neither orcc's nor ANTHROPIC_API_KEY, and is sent along with the token. */
export const credentialAdded: Check = {
  code: 'CREDENTIAL_ADDED',
  fine: 'no other credential is sent along with the key',
  applies: hasBaseUrl,
  run: (observed) =>
    once(
      observed.views.flatMap((view) => {
        const { baseUrl, token, apiKeyHelper } = view.mapping;
        // Without either, what is sent in their place is another finding.
        if (baseUrl === undefined || !isForeign(baseUrl.value) || (token ?? apiKeyHelper) === undefined) return [];
        return credentialsSent(observed.layers, view.from, observed.saved).flatMap((sent) => {
          const what = WHAT[sent.source];
          return what === undefined ? [] : [resultOf(observed, view, sent, what)];
        });
      }),
    ),
};

function resultOf(observed: Observed, view: View, sent: SentCredential, what: string): Result {
  const { place, source, header } = sent;
  const url = view.mapping.baseUrl?.value.trim() ?? '';
  const host = URL.canParse(url) ? new URL(url).host : undefined;
  const at = place.layer === 'login' ? { file: place.file } : placeArgs(place);
  const args = { reason: what, variable: source, value: header, host, ...at };
  const where = place.layer === 'login' ? savedIn(observed) : describePlace(place);
  const isMeant = source === CUSTOM_HEADERS && mayBeMeant(observed, view, header, host);
  const evidence = [`${where} sets the header ${header} (${view.name})`];
  const finding = findingOf('CREDENTIAL_ADDED', args, evidence, source === CUSTOM_HEADERS ? `${source} ${header}` : source);
  return {
    finding: isMeant ? { ...finding, severity: 'info' } : finding,
    fixes: isMeant ? [] : fixesOf(observed, view, sent),
    byHand:
      place.layer === 'managed'
        ? ASK_ADMINISTRATOR
        : isMeant
          ? `keep it if \`${host ?? 'the gateway'}\` needs it; otherwise remove it from \`${source}\``
          : `remove it from \`${source}\` where that is set`,
  };
}

/** Whether a header may be meant for the gateway, which may want one of its own. */
function mayBeMeant({ layers }: Observed, { from }: View, header: string, host: string | undefined): boolean {
  const text = inEffect(layers, CUSTOM_HEADERS, from)?.value ?? '';
  const value = customHeaders(text).find(({ name }) => name === header)?.value ?? '';
  return host !== undefined && mayBeMeantFor(host.replace(/:\d+$/, ''), value);
}

function fixesOf({ layers }: Observed, { from }: View, { place, source }: SentCredential): readonly Fix[] {
  if (source !== CUSTOM_HEADERS || place.layer === 'managed' || place.layer === 'shell' || place.file === undefined) return [];
  const member = ['env', CUSTOM_HEADERS];
  const left = withoutCredentials(inEffect(layers, CUSTOM_HEADERS, from)?.value ?? '');
  // If nothing is left, the empty value wins over the headers of the layers below (measured).
  return [{ kind: 'set-member', path: place.file, member, value: left }];
}

function savedIn({ saved }: Observed): string {
  return saved.apiKey === undefined ? 'this machine' : describeSavedKey(saved.apiKey);
}

/** Where the API key of a Console login is stored. */
export function describeSavedKey({ where, place }: SavedKey): string {
  return where === 'file' ? place : `the item "${place}" of the macOS Keychain`;
}
