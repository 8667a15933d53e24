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

/** An orcc.json that asks for this mapping. It names no version of orcc, since it works with every one that knows its schema. */
export function teamDocument({ models, defaultAlias }: Mapping, extras: Extras): string {
  const beside = Object.keys(extras).length === 0 ? {} : { extras };
  return `${JSON.stringify({ schemaVersion: 1, mapping: models, defaultAlias, ...beside }, null, 2)}\n`;
}

/**
 * Claude Code's managed-settings.json. With a helper: base URL, helper and mapping, and auto mode off unless a model of its own
 * answers its check, since a gateway does not. Without a helper the mapping alone: a base URL without a key would receive
 * everyone's saved login (design D4).
 *
 * @param rows the mapped models, whose prices are included
 * @param extras what is wanted beyond the mapping; what only user settings can hold is left out
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

/** The text of a settings file with only these members. */
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

/** The highest price that Claude Code accepts, in USD per million tokens. */
const DEAREST = 10_000;

/**
 * The prices that Claude Code should use for a model, in USD per million tokens, all four of them (measured on 2.1.332): without
 * them it assumes $5 in and $25 out. Only managed settings can set them. undefined if the price is not fixed, or too high for
 * Claude Code.
 */
function pricingMember(row: CatalogModel): SettingsMember | undefined {
  const { input, output } = rateOf(row);
  if (input === null || output === null) return undefined;
  const value = { input, output, cacheRead: row.cacheRead ?? input, cacheWrite: row.cacheWrite ?? input };
  return Object.values(value).every((price) => price <= DEAREST) ? { path: ['modelPricing', 'overrides', row.id], value } : undefined;
}

/** The repository's secret in a workflow's syntax. */
const SECRET = '${{ secrets.OPENROUTER_API_KEY }}';

/**
 * A step of a GitHub workflow for anthropics/claude-code-action. Everything goes through its `settings`, which it writes into the
 * runner's user settings: they win over the environment, so that the key is sent only as a Bearer token. Without an API key its own
 * check starts nothing (base-action/src/validate-env.ts, v1.0.99); the settings blank that key for Claude Code.
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
 * The members for VS Code's settings.json, without URL and token, since VS Code syncs its settings to other machines. The extension
 * asks for a claude.ai login in spite of the variables, unless told not to.
 */
export function vscodeDocument(setup: Setup): string {
  const variables = (setup.sharedVariables ?? setup.variables).map(({ name, value }) => ({ name, value }));
  return `${JSON.stringify({ 'claudeCode.environmentVariables': variables, 'claudeCode.disableLoginPrompt': true }, null, 2)}\n`;
}
