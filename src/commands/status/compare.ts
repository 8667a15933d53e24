import { isForeign } from '../../doctor/check.ts';
import { findingOf } from '../../diagnose/build.ts';
import type { Finding } from '../../core/finding.ts';
import { apiKeySource, type SavedLogins } from '../../claude/credentials.ts';
import { compareVersions } from '../../claude/version.ts';
import { effectiveMapping, inEffect, isFolderLayer, type Layers, type ShellView, type EffectiveMapping } from '../../claude/layers.ts';
import type { ClaudeSays } from './ask-claude.ts';

/** One value that orcc worked out and that Claude Code was asked for. */
export interface Comparison {
  readonly what: 'model' | 'credential' | 'API key' | 'base URL' | 'settings that did not load';
  readonly orcc: string;
  readonly claude: string;
  readonly agrees: boolean;
}

/** Existing settings files of this folder: Claude Code is asked without them, so the comparison leaves them out. */
export function leftOut(layers: Layers): readonly string[] {
  return layers.settings.filter(({ layer, state }) => isFolderLayer(layer) && state !== 'missing').map(({ path }) => path);
}

/** Compares what Claude Code says with what orcc works out from the same layers; only what was answered is compared. Pure. */
export function compareAnswers(
  layers: Layers,
  view: ShellView,
  says: ClaudeSays,
  version: string,
  machine: { readonly saved: SavedLogins; readonly realpath: (path: string) => string },
): readonly Comparison[] {
  const found: Comparison[] = [];
  const add = (what: Comparison['what'], orcc: string, claude: string, agrees = orcc === claude): void => {
    found.push({ what, orcc, claude, agrees });
  };
  const elsewhere = { ...layers, settings: layers.settings.filter(({ layer }) => !isFolderLayer(layer)) };
  const mapping = effectiveMapping(elsewhere, view);
  const asked = mapping.default;
  if (says.model !== undefined) add('model', asked.model + tagOf(asked), says.model, isSameModel(says.model, asked));
  if (says.credential !== undefined) {
    const wanted = credentialOf(mapping, inEffect(elsewhere, 'CLAUDE_CODE_OAUTH_TOKEN', view) !== undefined);
    // orcc does not work out whether a login is saved: it may be in a keychain. Older versions say `claude.ai` for a saved API key,
    // too (measured on 2.1.212).
    const isSaved =
      wanted === 'none' && (says.credential === 'claude.ai' || (says.credential === 'api_key' && machine.saved.apiKey !== undefined));
    add('credential', wanted, says.credential, wanted === says.credential || isSaved);
  }
  const key = apiKeySource(elsewhere, view, machine.saved);
  // Compared only if there is one: it is sent along with the token.
  if (says.apiKey !== undefined && mapping.otherProvider === undefined && (key !== 'none' || says.apiKey !== 'none'))
    add('API key', key, says.apiKey);
  if (says.baseUrl !== undefined && mapping.otherProvider === undefined) {
    const wanted = plain(mapping.baseUrl?.value ?? '');
    if (wanted === '' || isForeign(wanted)) add('base URL', wanted === '' ? 'none' : wanted, plain(says.baseUrl) || 'none');
  }
  if (says.dropped !== undefined && compareVersions(version, '2.1.300') >= 0) {
    const list = (paths: readonly string[]): string => [...new Set(paths.map(machine.realpath))].sort().join(', ') || 'none';
    const broken = list(elsewhere.settings.filter(({ problem }) => problem !== undefined).map(({ path }) => path));
    const dropped = list(says.dropped);
    if (broken !== dropped || broken !== 'none') add('settings that did not load', broken, dropped);
  }
  return found;
}

/** A finding for each comparison that does not agree. */
export function judge(compared: readonly Comparison[], where: string, version: string): readonly Finding[] {
  return compared
    .filter(({ agrees }) => !agrees)
    .map(({ what, orcc, claude }) => {
      const args = { value: `\`${claude}\` as its ${what}`, reason: `\`${orcc}\``, version };
      return findingOf('STATUS_DIFFERS', args, [`asked ${where}: ${claude}`, `worked out from the files: ${orcc}`], what);
    });
}

/** `authMethod` of `claude auth status` (measured on 2.1.212 and 2.1.330). */
function credentialOf(mapping: EffectiveMapping, hasLoginToken: boolean): string {
  if (mapping.otherProvider !== undefined) return 'third_party';
  if (mapping.token !== undefined || hasLoginToken) return 'oauth_token';
  return mapping.apiKeyHelper !== undefined ? 'api_key_helper' : mapping.apiKey !== undefined ? 'api_key' : 'none';
}

type Asked = EffectiveMapping['default'];

function tagOf({ million, builtIn }: Asked): string {
  return million && !builtIn ? '[1m]' : '';
}

/** For a model that it knows, Claude Code gives only the name, older versions without the minor version. */
function isSameModel(said: string, asked: Asked): boolean {
  if (said.includes('plan mode')) return /^opusplan\b/i.test(asked.named);
  const [, family, major] = /^(Opus|Sonnet|Haiku|Fable)\b ?(\d+)?/.exec(said) ?? [];
  if (family === undefined) return said === asked.model + tagOf(asked);
  if (!asked.model.toLowerCase().includes(family.toLowerCase())) return false;
  // Which version a built-in alias means depends on the client's version.
  return asked.builtIn || major === undefined || new RegExp(`(?<!\\d)${major}(?!\\d)`).test(asked.model);
}

function plain(url: string): string {
  return url.trim().replace(/\/+$/, '');
}
