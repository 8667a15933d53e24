import * as z from 'zod/mini';
import { extrasOf, mappingOf, readConfig } from '../../config/config.ts';
import { withFurther } from '../../config/extras.ts';
import { extraMembers, extraVariables, type ExtrasInput } from '../../config/extras-table.ts';
import { ownFiles } from '../../core/folder.ts';
import type { Context } from '../../core/context.ts';
import { OrccError, nothingConfigured } from '../../core/errors.ts';
import { sayOf } from '../../core/say.ts';
import { flag, parseIntent, text } from '../../core/intent.ts';
import type { CatalogModel } from '../../openrouter/catalog-model.ts';
import { readCachedCatalog } from '../../openrouter/catalog.ts';
import { holdsKeyShape } from '../../config/key-shape.ts';
import type { Outcome } from '../../core/outcome.ts';
import { buildSetup, limitsFor } from '../../change/build-setup.ts';
import { chooseLabels } from '../../change/labels.ts';
import { gatherFacts } from '../../change/gather-facts.ts';
import { isLoopback, DEFAULT_BASE_URL } from '../../core/hosts.ts';
import { agreeToReplace, writeReport } from '../report-file.ts';
import { actionDocument, managedDocument, teamDocument, vscodeDocument } from '../team/documents.ts';
import { findNamedHere } from '../../config/find-team.ts';

const schema = z.object({ managed: flag, team: flag, vscode: flag, action: flag, profile: text, apiKeyHelper: text, to: text, json: flag });
const KINDS = ['managed', 'team', 'vscode', 'action'] as const;
type Kind = (typeof KINDS)[number];

/**
 * `orcc export`: prints a mapping in the format of another tool. Never prints a key, and sends no request: limits come from the
 * cached catalog. Throws exit 2 without exactly one format, 3 if there is no mapping, 6 if the file may not be written.
 */
export async function runExport(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const kinds = KINDS.filter((kind) => intent[kind]);
  const [kind] = kinds;
  if (kinds.length > 1) throw new OrccError('usage', `${kinds.map((each) => `\`--${each}\``).join(' and ')} can't be combined`);
  if (kind === undefined)
    throw new OrccError('usage', 'One of `--managed`, `--team`, `--vscode` and `--action` is required', {
      hint: 'See `orcc export --help`; `orcc profile export` is for profiles',
    });
  if (intent.apiKeyHelper !== undefined) checkHelper(intent.apiKeyHelper, kind);
  if (intent.to !== undefined) await agreeToReplace(ctx, intent.to);
  const own = ownFiles(ctx);
  const config = readConfig(ctx.fs, own.config);
  const named = intent.profile === undefined ? undefined : findNamedHere(ctx, config, intent.profile, (await sayOf(ctx, intent)).warn);
  const extras = named === undefined ? extrasOf(config) : (named.extras ?? {});
  const mapping = named === undefined ? config && mappingOf(config) : withFurther(named.mapping, extras);
  if (mapping === undefined) throw nothingConfigured('Run `orcc init` first, or name a preset: `--profile guide`');
  const baseUrl = config?.baseUrl ?? DEFAULT_BASE_URL;
  const catalog = readCachedCatalog(ctx, { folder: own.folder, endpoint: { baseUrl }, bases: config?.limits.bases });
  const facts = await gatherFacts(ctx, { baseUrl }, mapping, catalog, true);
  const hasUser = kind === 'managed' && intent.apiKeyHelper !== undefined;
  const beside: ExtrasInput = { mapping, extras, autoMode: 'kept', denyImages: false, pinRows: [], blanked: [] };
  const setup = buildSetup({
    mapping,
    baseUrl,
    keyStorage: { kind: 'file' },
    labels: chooseLabels(undefined, mapping, facts),
    extras: extraVariables(beside),
    limits: limitsFor(config?.limits.how ?? 'derived', mapping, facts, { hasUser, hasProject: false }),
    own,
    platform: ctx.platform,
  });
  const document =
    kind === 'team'
      ? teamDocument(mapping, extras)
      : kind === 'vscode'
        ? vscodeDocument(setup)
        : kind === 'action'
          ? actionDocument(setup, extraMembers(beside))
          : managedDocument(setup, intent.apiKeyHelper, pricedRows(facts), extraMembers(beside));
  const content: unknown = kind === 'action' ? document : JSON.parse(document);
  if (intent.to !== undefined) writeReport(ctx, intent.to, document);
  return {
    exit: 'ok',
    data: { kind, content, to: intent.to ?? null },
    findings: [],
    isVerbatim: true,
    text: () => (intent.to === undefined ? document : ''),
    remarks: () => [...(intent.to === undefined ? [] : [`Wrote ${intent.to}`]), remarkOn(kind, intent.apiKeyHelper, baseUrl)].join('\n'),
  };
}

/** Each mapped model once, as its row of the catalog. */
function pricedRows(facts: Awaited<ReturnType<typeof gatherFacts>>): readonly CatalogModel[] {
  return [...new Map(facts.flatMap(({ id, row }) => (row === undefined ? [] : [[id, { ...row, id }] as const]))).values()];
}

function checkHelper(helper: string, kind: string): void {
  if (kind !== 'managed')
    throw new OrccError('usage', '`--api-key-helper` only works with `--managed`', { hint: 'See `orcc export --help`' });
  if (holdsKeyShape(helper))
    throw new OrccError('usage', '`--api-key-helper` takes a command that prints the key, not the key itself', {
      code: 'KEY_EXPOSED',
      hint: 'That file is readable by everyone on the machine',
    });
  if (!/^[\x20-\x7e]{1,1000}$/.test(helper))
    throw new OrccError('usage', '`--api-key-helper` contains a character that is not printable ASCII', {
      hint: 'For example `/opt/company/openrouter-key`',
    });
}

function remarkOn(kind: Kind, helper: string | undefined, baseUrl: string): string {
  if (kind === 'action') {
    const local = isLoopback(new URL(baseUrl).hostname) ? `\n${baseUrl} is on this machine: a job elsewhere can't reach it` : '';
    return `Put it under \`steps:\` in the workflow, and store the key as the repository secret OPENROUTER_API_KEY (\`gh secret set OPENROUTER_API_KEY\`)${local}`;
  }
  if (kind === 'team')
    return 'Commit it as `orcc.json` in the root of the repository: `orcc init`, `orcc switch` and `orcc check` use it there';
  if (kind === 'vscode')
    return 'The base URL and the key are left out, since VS Code syncs its settings: `orcc init --target user` gives the extension both';
  const where =
    'It belongs in /etc/claude-code/managed-settings.json (Linux), /Library/Application Support/ClaudeCode/ (macOS) or C:\\Program Files\\ClaudeCode\\ (Windows)';
  return helper === undefined
    ? `The base URL is left out, since a URL without a key would receive everyone's saved login: add \`--api-key-helper COMMAND\` to export both\n${where}`
    : where;
}
