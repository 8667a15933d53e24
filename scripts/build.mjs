// `npm run build`: bundles src/cli/main.ts and all that it loads into dist/. rolldown splits the code, so that a command loads only
// what it needs, into CommonJS, which Node loads in half the time. `--readable` leaves names and line breaks, for stack traces.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { collectLicenses } from './build/licenses.mjs';
import { lateChildProcess, root, sourceOptions } from './build/options.mjs';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// Loading one file takes less time than many: each holds the named sources and all that they import, except for what an earlier one holds.
const TOGETHER = {
  main: 'cli/main core/hosts config/key-shape text/json claude/compaction claude/presets claude/aliases openrouter/routing-words completion/shells',
  table: 'text/wrap text/table',
  'parse-commander': 'cli/parse-commander',
  env: 'commands/env/env',
  prices: 'commands/statusline/prices core/keep-file text/day text/format openrouter/key-figures openrouter/charge', // for the status line, which runs after each answer, without zod and the table of settings
  machine:
    'change/machine change/in-effect change/outdated change/session-file change/folder-extras claude/sessions claude/layers claude/request-changes claude/known-models claude/version config/mapping-input targets/startup targets/unset-command', // for all that reads a whole set-up
  status: 'commands/status/status',
  catalog: 'openrouter/load-catalog openrouter/catalog-view openrouter/describe openrouter/suitability core/finding', // for models, doctor and what changes the mapping
  models: 'commands/models/models-command commands/models/models',
  records:
    'change/read-key change/moved-folder apply/journal claude/claude-state openrouter/hidden-name targets/git claude/limits claude/request-shape edit/shell/block-edit edit/shell/read-body edit/shell/shell-refusals edit/json/json-verify', // for doctor and for what writes
  doctor: 'commands/doctor/doctor-command',
  switch: 'commands/switch/switch',
  init: 'commands/init/init',
};

const bundle = await rolldown({
  ...sourceOptions(version),
  input: Object.fromEntries(Object.entries(TOGETHER).map(([name, sources]) => [name, `src/${sources.split(' ')[0]}.ts`])), // the exports of an entry are plain members, which take a third of a getter's time
  preserveEntrySignatures: 'allow-extension', // files named above may import sources from each other
  plugins: [lateChildProcess],
});
const { output } = await bundle.generate({
  format: 'cjs',
  minify: !process.argv.includes('--readable'),
  comments: false,
  charset: 'ascii', // V8 stores a file with any other character at two bytes per character
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: groupOf, debugName: 'together' }] },
});
const licenses = collectLicenses(output.flatMap(({ modules }) => Object.keys(modules)));
install([...output.map(({ fileName, code }) => [fileName, code]), ['THIRD_PARTY_LICENSES.txt', licenses]]);

/** The file that a source goes into; null leaves it to rolldown. */
function groupOf(id, context) {
  groupOf.files ??= Object.entries(TOGETHER).map(([name, sources]) => [name, reach(sources, context)]);
  return groupOf.files.find(([, sources]) => sources.has(id))?.[0] ?? (id.endsWith('flags.ts') ? 'flags' : null);
}

/** Sources and all that they import, except by `import()`. */
function reach(sources, context) {
  const found = new Set(sources.split(' ').map((each) => join(root, 'src', `${each}.ts`)));
  for (const id of found) for (const next of context.getModuleInfo(id).importedIds) found.add(next);
  return found;
}

/** Writes the files under a temporary name and renames that, so that a program started meanwhile is complete. */
function install(files) {
  const [dist, fresh, old] = ['dist', `dist.new-${process.pid}`, `dist.old-${process.pid}`].map((name) => join(root, name));
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh);
  for (const [name, text] of files) writeFileSync(join(fresh, name), text);
  writeFileSync(join(fresh, 'package.json'), '{ "type": "commonjs" }\n');
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}
