import { DEFAULT_BASE_URL } from '../../core/hosts.ts';
import * as z from 'zod/mini';
import { resolveAliases, type Mapping } from '../../claude/aliases.ts';
import { extrasOf, mappingOf, readConfig, type Config } from '../../config/config.ts';
import { renderProfiles } from './list-view.ts';
import { readCachedCatalog, type Catalog } from '../../openrouter/catalog.ts';
import { ownFiles } from '../../core/folder.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { flag, parseIntent, text, writingFlags } from '../../core/intent.ts';
import { changeProfiles, readProfiles } from './change-profiles.ts';
import { listNamed, requireProfile, type Named } from '../../config/named-mapping.ts';
import { describeExtras } from '../../config/describe-extras.ts';
import { namedKeysOf, requireNamed } from '../../config/named-keys.ts';
import { checkProfileName } from '../../config/profile-name.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Style } from '../../text/style.ts';
import { modelCells } from '../../openrouter/describe.ts';
import { renderTable, right } from '../../text/table.ts';
import { defined } from '../../text/defined.ts';
import { stripControls } from '../../text/text.ts';
import { sameJson } from '../../edit/json/json-verify.ts';
import { sameMapping } from '../../config/mapping-input.ts';
import { sayOf } from '../../core/say.ts';
import { findNamedHere, tellLeftOut, tryTeam } from '../../config/find-team.ts';

const changing = { name: z.string(), ...writingFlags };
const schema = z.object(changing);
const saveSchema = z.object({ ...changing, key: text });
const renameSchema = z.object({ ...changing, newName: z.string() });
const showSchema = z.object({ name: z.string(), json: flag });

const WHERE: Record<Named['source'], string> = {
  profile: 'your profile',
  team: "this repository's orcc.json",
  preset: 'comes with orcc',
};

const whereOf = ({ source, asOf, recommended }: Pick<Named, 'source' | 'asOf' | 'recommended'>): string =>
  WHERE[source] + (asOf === undefined ? '' : `, figures from ${asOf}`) + (recommended === true ? ', recommended' : '');

/** `orcc profile list`: all profiles and presets, and which one is active. Reads only files. */
export async function runProfileList(ctx: Context, _input: unknown): Promise<Outcome> {
  const config = readConfig(ctx.fs, ownFiles(ctx).config);
  const { team, broken } = tryTeam(ctx);
  const all = listNamed(config, team?.file);
  const now = config === undefined ? undefined : mappingOf(config);
  const rows = all.map(({ name, source, mapping, asOf, recommended }) => {
    const isActive = config?.activeProfile === name;
    return {
      name,
      source,
      ...defined({ asOf, recommended }),
      active: isActive,
      changed: isActive && now !== undefined && !sameMapping(mapping, now),
      mapping: mapping.models,
      defaultAlias: mapping.defaultAlias,
    };
  });
  return {
    exit: 'ok',
    data: { profiles: rows },
    findings: [],
    text: (style) => renderProfiles(rows, catalogOf(ctx, config), style),
    remarks: ({ yellow }) =>
      [
        ...(broken === undefined ? [] : [`${yellow('warning:')} ${tellLeftOut(broken)}`]),
        ...(rows.some(({ active }) => active) ? ['* in use'] : []),
        ...rows.flatMap(({ name, asOf, recommended }) =>
          recommended === true ? [`\`${name}\` is recommended; presets as of ${asOf ?? ''}`] : [],
        ),
        ...(config === undefined || rows.some((row) => row.source === 'profile')
          ? []
          : ['`orcc profile save NAME` remembers the current mapping']),
      ].join('\n'),
  };
}

/** `orcc profile show`: one profile or preset, alias by alias. */
export async function runProfileShow(ctx: Context, input: unknown): Promise<Outcome> {
  const { name, json } = parseIntent(showSchema, input, ['name']);
  const config = readConfig(ctx.fs, ownFiles(ctx).config);
  const found = findNamedHere(ctx, config, name, (await sayOf(ctx, { json })).warn);
  const { source, mapping, asOf, extras } = found;
  return {
    exit: 'ok',
    data: {
      name,
      source,
      ...defined({ asOf }),
      mapping: mapping.models,
      defaultAlias: mapping.defaultAlias,
      extras: extras ?? null,
    },
    findings: [],
    text: (style) => {
      const beside = describeExtras(extras ?? {}).map(({ text }) => `\n${stripControls(text)}`);
      return `${style.bold(stripControls(name))}  ${style.dim(whereOf(found))}\n${mappingTable(mapping, catalogOf(ctx, config), style)}${beside.join('')}`;
    },
  };
}

/** `orcc profile save`: remembers the present mapping. Replacing a profile of that name needs consent. */
export async function runProfileSave(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(saveSchema, input, ['name']);
  const { name, key } = intent;
  checkProfileName(name);
  const { config } = await readProfiles(ctx);
  if (key !== undefined) requireNamed(namedKeysOf(config), key);
  const mapping = mappingOf(config);
  const old = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
  const isOther =
    old !== undefined &&
    (!sameMapping({ models: old.mapping, defaultAlias: old.defaultAlias }, mapping) ||
      !sameJson(old.extras ?? {}, extrasOf(config)) ||
      old.key !== key);
  const beside = describeExtras(extrasOf(config)).map(({ text }) => `; ${text}`);
  return changeProfiles(ctx, intent, {
    command: 'profile save',
    decision: { action: 'save', name, ...(key === undefined ? {} : { key }) },
    preview: [
      `${isOther ? 'Replaces' : 'Saves'} ${name}: ${describe(mapping)}${beside.join('')}${key === undefined ? '' : `; with the key ${key}`}`,
    ],
    question: isOther ? `Replace the profile ${name}?` : undefined,
    done: `Saved as ${name}; \`orcc switch ${name}\` returns to it`,
    data: { name, mapping: mapping.models, defaultAlias: mapping.defaultAlias, key: key ?? null },
  });
}

/** `orcc profile delete`: forgets a profile; the mapping in effect stays. */
export async function runProfileDelete(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input, ['name']);
  const { name } = intent;
  const { config } = await readProfiles(ctx);
  const saved = requireProfile(config, name);
  return changeProfiles(ctx, intent, {
    command: 'profile delete',
    decision: { action: 'delete', name },
    preview: [`Deletes ${name}: ${describe({ models: saved.mapping, defaultAlias: saved.defaultAlias })}`],
    question: `Delete the profile ${name}?`,
    isDangerous: true,
    done: `Deleted ${name}; the models in effect have not changed`,
    data: { name },
  });
}

/** `orcc profile rename`: gives a profile another name; an active one stays active. */
export async function runProfileRename(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(renameSchema, input, ['name', 'newName']);
  const { name, newName } = intent;
  const { config } = await readProfiles(ctx);
  requireProfile(config, name);
  checkProfileName(newName);
  if (newName !== name && Object.hasOwn(config.profiles, newName)) {
    throw new OrccError('usage', `A profile called \`${newName}\` already exists`, {
      hint: `Delete it first: \`orcc profile delete ${newName}\``,
    });
  }
  return changeProfiles(ctx, intent, {
    command: 'profile rename',
    decision: { action: 'rename', name, newName },
    preview: [`${name} becomes ${newName}`],
    question: undefined,
    done: `${name} is now called ${newName}`,
    data: { name: newName, before: name },
  });
}

/** `opus z-ai/glm-4.7, sonnet …`, for a preview. */
export function describe(mapping: Mapping): string {
  return resolveAliases(mapping.models)
    .map(({ alias, model }) => `${alias}${alias === mapping.defaultAlias ? '*' : ''} ${stripControls(model)}`)
    .join(', ');
}

function mappingTable(mapping: Mapping, catalog: Pick<Catalog, 'find'>, style: Style): string {
  const rows = resolveAliases(mapping.models).map(({ alias, model }) => {
    const { window, inPrice, outPrice } = modelCells(catalog.find(model));
    const mark = alias === mapping.defaultAlias ? `${alias} *` : alias;
    return [mark, stripControls(model), window, inPrice, outPrice];
  });
  const columns = ['alias', 'model', ...['window', '$/M in', '$/M out'].map(right)];
  return `${renderTable(columns, rows, style)}\n${style.dim('* Claude Code starts with it')}`;
}

/** Windows and prices from the cached catalog: the list sends no request. */
function catalogOf(ctx: Context, config: Config | undefined): Pick<Catalog, 'find'> {
  return readCachedCatalog(ctx, { folder: ownFiles(ctx).folder, endpoint: { baseUrl: config?.baseUrl ?? DEFAULT_BASE_URL } });
}
