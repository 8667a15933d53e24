import type { Mapping } from '../../claude/aliases.ts';
import { AUTO_MODE_OFF } from '../../claude/auto-mode.ts';
import { AUTO_MODE_MODEL } from '../../claude/variables.ts';
import type { Setup } from '../../change/desired.ts';
import type { Extras } from '../../config/extras.ts';
import type { ExtraMember } from '../../config/extras-table.ts';
import type { CatalogModel } from '../../openrouter/catalog-model.ts';
import { rateOf } from '../../openrouter/price.ts';
import { settingsMembers } from '../../change/members.ts';
import { type SettingsMember, planSettingsFile } from '../../edit/json/settings-edit.ts';

/** An orcc.json that asks for this mapping. Names no version: the file works with every orcc that knows its schema. */
export function teamDocument({ models, defaultAlias }: Mapping, extras: Extras): string {
  const beside = Object.keys(extras).length === 0 ? {} : { extras };
  return `${JSON.stringify({ schemaVersion: 1, mapping: models, defaultAlias, ...beside }, null, 2)}\n`;
}

/**
 * Claude Code's managed-settings.json. With a helper: base URL, helper and mapping, and auto mode off, since a gateway does not
 * answer its check, unless a model of its own does. Without one the mapping alone: a base URL without a key would get everyone's saved login (design D4).
 *
 * @param rows the mapped models, whose prices go along
 * @param extras what stands beside the mapping; what only user settings can hold is left out
 */
export function managedDocument(
  setup: Setup,
  helper: string | undefined,
  rows: readonly CatalogModel[] = [],
  extras: readonly ExtraMember[] = [],
): string {
  const isChecked = setup.variables.some(({ name }) => name === AUTO_MODE_MODEL);
  const carried: readonly SettingsMember[] =
    helper === undefined
      ? settingsMembers('project', 'setup', setup, extras)
      : [
          ...settingsMembers('local', 'setup', { ...setup, settingsKey: { kind: 'helper', command: helper } }, extras),
          ...(isChecked ? [] : [AUTO_MODE_OFF]),
        ];
  return settingsText([...carried, ...rows.flatMap((row) => pricingMember(row) ?? [])]);
}

/** A settings file of these members alone. */
function settingsText(desired: readonly SettingsMember[]): string {
  const planned = planSettingsFile({
    path: 'settings.json',
    before: null,
    desired,
    owned: [],
    createdFile: true,
    replace: true,
    force: true,
  });
  return planned.ok ? Buffer.from(planned.after ?? new Uint8Array()).toString('utf8') : '';
}

/** USD per million tokens that Claude Code takes. */
const DEAREST = 10_000;

/**
 * What Claude Code is to reckon with for a model, in USD per million tokens, all four of them (measured on 2.1.332): without it, it counts
 * $5 and $25. Managed settings alone have a say in that. undefined where the price is not fixed.
 */
function pricingMember(row: CatalogModel): SettingsMember | undefined {
  const { input, output } = rateOf(row);
  if (input === null || output === null) return undefined;
  const value = { input, output, cacheRead: row.cacheRead ?? input, cacheWrite: row.cacheWrite ?? input };
  return Object.values(value).every((price) => price <= DEAREST) ? { path: ['modelPricing', 'overrides', row.id], value } : undefined;
}

/** How a workflow names the repository's secret. */
const SECRET = '${{ secrets.OPENROUTER_API_KEY }}';

/**
 * A step of a GitHub workflow for anthropics/claude-code-action. Everything goes through its `settings`, which it writes into the
 * runner's user settings: they win over the environment, so that the key goes out as a Bearer token alone. Its own check wants an API key
 * or it starts nothing (base-action/src/validate-env.ts, v1.0.99); the settings blank that one for Claude Code.
 */
export function actionDocument(setup: Setup, extras: readonly ExtraMember[]): string {
  const members = [...settingsMembers('user', 'setup', { ...setup, settingsKey: { kind: 'token' } }, extras, SECRET), AUTO_MODE_OFF];
  return [
    '- uses: anthropics/claude-code-action@v1',
    '  with:',
    '    prompt: Review the changes of this pull request',
    `    anthropic_api_key: ${SECRET} # wanted by the action's own check; the settings below keep it from being sent as one`,
    '    settings: |',
    ...settingsText(members)
      .trimEnd()
      .split('\n')
      .map((line) => `      ${line}`),
    '',
  ].join('\n');
}

/**
 * The members for VS Code's settings.json. Without URL and token: VS Code syncs its settings to other machines. The extension asks for a
 * login of claude.ai in spite of the variables, unless told not to.
 */
export function vscodeDocument(setup: Setup): string {
  const variables = (setup.sharedVariables ?? setup.variables).map(({ name, value }) => ({ name, value }));
  return `${JSON.stringify({ 'claudeCode.environmentVariables': variables, 'claudeCode.disableLoginPrompt': true }, null, 2)}\n`;
}
