// node scripts/ci-table.mjs FOLDER: prints the answers of all machines as one table in Markdown: a row for each question, a column
// for each machine. Reads the files that scripts/ci-answers.mjs leaves.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MARKS = { passed: 'yes', failed: '**no**', skipped: '', pending: '', todo: '' };

const folder = process.argv[2] ?? 'answers';
const files = readdirSync(folder)
  .flatMap((file) => /^(?<machine>.+)-(?<kind>systems|unit)\.json$/.exec(file)?.groups ?? [])
  .map(({ machine, kind }) => ({ machine, kind, results: read(`${machine}-${kind}.json`) }));
const machines = [...new Set(files.map(({ machine }) => machine))].toSorted();
const systems = files.filter(({ kind }) => kind === 'systems');
const questions = [...new Set(systems.flatMap(({ results }) => results.map(({ title }) => title)))].toSorted();

console.log(`| | ${machines.join(' | ')} |\n|---|${'---|'.repeat(machines.length)}`);
for (const question of questions) console.log(row(question, (machine) => answer(machine, question)));
console.log(row('quick tests', (machine) => total(machine)));
const failed = files.flatMap(({ machine, results }) =>
  results.filter(({ status }) => status === 'failed').map((each) => ({ machine, ...each })),
);
for (const { machine, title, why } of failed)
  console.log(`\n<details><summary>${machine}: ${title}</summary>\n\n\`\`\`\n${why}\n\`\`\`\n</details>`);

function read(file) {
  const { testResults } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return testResults.flatMap(({ name, status, message, assertionResults }) =>
    assertionResults.length === 0 && status === 'failed'
      ? [{ title: `${name.split(/[\\/]/).at(-1)} can be loaded`, status, why: message }]
      : assertionResults.map((each) => ({
          title: each.fullName,
          status: each.status,
          why: (each.failureMessages ?? []).join('\n').slice(0, 2000),
        })),
  );
}

function row(title, cell) {
  return `| ${title.replaceAll('|', '\\|')} | ${machines.map(cell).join(' | ')} |`;
}

function answer(machine, question) {
  const results = systems.find((each) => each.machine === machine)?.results ?? [];
  return MARKS[results.find(({ title }) => title === question)?.status] ?? '';
}

function total(machine) {
  const results = files.find((each) => each.machine === machine && each.kind === 'unit')?.results;
  if (results === undefined) return 'not run';
  const count = (wanted) => results.filter(({ status }) => status === wanted).length;
  return count('failed') > 0 ? `**${count('failed')} of ${results.length} fail**` : `${count('passed')} pass`;
}
