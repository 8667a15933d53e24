// Does orcc still fit OpenRouter? Fetches the public API description and the catalog, without a key, and compares orcc's schemas,
// presets and list of models with them. Prints a report in Markdown; exit 1 if something no longer fits.
//   node scripts/watch-openrouter.mjs [--base-url URL] [--description URL or FILE] [--out FILE]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { importSource } from './import-source.mjs';
import { answerOf, knows, membersOf } from './watch/description.mjs';

const { values } = parseArgs({
  options: {
    'base-url': { type: 'string', default: 'https://openrouter.ai/api' },
    description: { type: 'string', default: 'https://openrouter.ai/openapi.yaml' },
    out: { type: 'string' },
  },
});
const LONGEST_MS = 60_000;
/** Presets are reviewed every quarter. */
const PRESET_MONTHS = 3;

const orcc = await importSource(
  'openrouter/schemas.ts',
  'openrouter/fetch-catalog.ts',
  'openrouter/suitability.ts',
  'openrouter/builtin.ts',
  'claude/presets.ts',
);
/** The endpoints that orcc calls, each with the schema for its answer. Another endpoint is another row. */
const ASKED = [
  ['get', '/models', rowsOf('modelRowSchema')],
  ['get', '/models/user', rowsOf('modelRowSchema')],
  ['get', '/model/{author}/{slug}', orcc.modelSchema],
  ['get', '/models/{author}/{slug}/endpoints', orcc.endpointsSchema],
  ['get', '/key', orcc.keySchema],
  ['get', '/credits', orcc.creditsSchema],
  ['get', '/generation', orcc.generationSchema],
  ['get', '/presets/{slug}', orcc.presetSchema],
  ['post', '/messages', undefined],
];

const parts = [
  ['Description', await fits(describedFaults)],
  ['Catalog', await fits(catalogFaults)],
];
const faults = parts.flatMap(([, { wrong }]) => wrong);
const report = parts.map(([title, { looked, wrong }]) => `## ${title}\n\n${looked}\n\n${list(wrong)}`).join('\n\n');
if (values.out !== undefined) writeFileSync(values.out, `# orcc against OpenRouter\n\n${report}\n`);
console.log(report);
process.exitCode = faults.length > 0 ? 1 : 0;

/** A page that can't be fetched is a fault like others: the next run may succeed. */
async function fits(look) {
  try {
    return await look();
  } catch (error) {
    return { looked: 'Could not be looked at.', wrong: [error.message] };
  }
}

async function describedFaults() {
  const description = parse(await textOf(values.description));
  const wrong = ASKED.flatMap(([method, path, schema]) => {
    const answer = answerOf(description, method, path);
    if (answer === undefined) return [`${method.toUpperCase()} ${path} is not described any more`];
    const members = schema === undefined ? [] : membersOf(schema);
    const unknown = members.filter((member) => !knows(description, answer, member.split('.')));
    return unknown
      .filter((member) => !unknown.some((parent) => member.startsWith(`${parent}.`)))
      .map((member) => `${method.toUpperCase()} ${path}: \`${member}\`, which orcc reads, is not described any more`);
  });
  return { looked: `${ASKED.length} endpoints of version ${description.info?.version}.`, wrong };
}

async function catalogFaults() {
  const { data } = JSON.parse(await textOf(`${values['base-url']}/v1/models`));
  const models = orcc.readRows(data);
  const byId = new Map(models.map((model) => [model.id, model]));
  const wrong = [...rowFaults(data, models), ...presetFaults(byId), ...builtinFaults(byId)];
  return {
    looked: `${data.length} models, ${orcc.PRESETS.length} presets, ${orcc.BUILTIN_MODELS.length} models that orcc brings along.`,
    wrong,
  };
}

/** Single rows may be odd; but if hardly any row has a figure, orcc no longer finds that field. */
function rowFaults(rows, models) {
  const told = [
    ['a window', ({ context }) => context !== null],
    ['a price', ({ inputPrice, outputPrice }) => inputPrice !== null && outputPrice !== null],
    ['tools', ({ tools, toolsUntold }) => tools && toolsUntold !== true],
    ['text', ({ textIn, textOut }) => textIn && textOut],
  ];
  // A model that does not say counts as text, so this is checked separately.
  const kinds = rows.filter(
    ({ architecture: kind }) => Array.isArray(kind?.input_modalities) && Array.isArray(kind.output_modalities),
  ).length;
  const few = told.filter(([, has]) => models.filter(has).length < models.length / 2);
  return [
    ...(models.length < rows.length * 0.95 ? [`only ${models.length} of ${rows.length} rows can be read`] : []),
    ...(kinds < rows.length / 2 ? [`only ${kinds} of ${rows.length} rows say what goes in and comes out`] : []),
    ...few.map(([what, has]) => `only ${models.filter(has).length} of ${models.length} models have ${what}`),
  ];
}

function presetFaults(byId) {
  const now = Date.now();
  return orcc.PRESETS.flatMap(({ name, asOf, mapping }) => {
    const ids = [...new Set(Object.values(mapping.models))];
    const months = (now - Date.parse(`${asOf}-01`)) / (30.4 * 86_400_000);
    return [
      ...ids.flatMap((id) => judged(byId.get(id), now).map((reason) => `preset ${name}: \`${id}\` ${reason}`)),
      ...(months > PRESET_MONTHS + 1 ? [`preset ${name} was last looked at in ${asOf}`] : []),
    ];
  });
}

/** A known drawback of a cheap model is not news, but that it can't be used or expires is. */
function judged(model, now) {
  if (model === undefined) return ['is not in the catalog'];
  const news = orcc.judgeModel(model, now).problems.filter(({ severity, rule }) => severity === 'unusable' || rule === 'expiry');
  return news.map(({ reason }) => reason);
}

function builtinFaults(byId) {
  const gone = orcc.BUILTIN_MODELS.filter(({ id }) => !byId.has(id));
  return gone.map(({ id }) => `src/openrouter/builtin.ts: \`${id}\` is not in the catalog`);
}

/** One schema for a list whose rows orcc checks one by one. */
function rowsOf(name) {
  return { _zod: { def: { type: 'object', shape: { data: orcc[name] } } } };
}

async function textOf(place) {
  if (existsSync(place)) return readFileSync(place, 'utf8');
  const response = await fetch(place, { signal: AbortSignal.timeout(LONGEST_MS), redirect: 'follow' });
  if (!response.ok) throw new Error(`${place} answers ${response.status}`);
  return response.text();
}

function list(lines) {
  return lines.length === 0 ? 'All of it fits.' : lines.map((line) => `- ${line}`).join('\n');
}
