// Does orcc still fit the newest Claude Code? Fetches it from npm, without its install scripts, and runs the proofs in which a change
// of the client shows. Prints a report in Markdown; exit 1 if one failed. Needs network namespaces, as `npm run prove` does.
//   node scripts/watch-client.mjs [--version latest] [--client FILE] [--out FILE] [proofs, as vitest filters]
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './build/options.mjs';

const PROOFS = ['layers', 'findings', 'context', 'via', 'written'].map((name) => `test/prove/${name}.prove.ts`);

const { values, positionals } = parseArgs({
  options: { version: { type: 'string', default: 'latest' }, client: { type: 'string' }, out: { type: 'string' } },
  allowPositionals: true,
});
const folder = mkdtempSync(join(tmpdir(), 'orcc-watch-'));
try {
  const client = values.client ?? fetchClient();
  const results = prove(client);
  const report = describe(versionOf(client), results);
  if (values.out !== undefined) writeFileSync(values.out, report);
  console.log(report);
  process.exitCode = results.some(({ status }) => status === 'failed') || !results.some(({ status }) => status === 'passed') ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function fetchClient() {
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefix', folder, ...options, `@anthropic-ai/claude-code@${values.version}`], { stdio: 'inherit' });
  const scope = join(folder, 'node_modules', '@anthropic-ai');
  const found = readdirSync(scope)
    .map((name) => join(scope, name, 'claude'))
    .find((file) => isProgram(file));
  if (found === undefined) throw new Error('The package holds no program for this system');
  return found;
}

/** Runs the proofs and returns all their tests, each with its status and what went wrong. */
function prove(client) {
  const out = join(folder, 'results.json');
  const proofs = positionals.length > 0 ? positionals : PROOFS;
  const parameters = ['vitest', 'run', '--project', 'prove', '--no-file-parallelism', '--reporter', 'default', '--reporter', 'json'];
  const env = { ...process.env, ORCC_PROVE_CLAUDE: client };
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
  spawnSync('npx', [...parameters, '--outputFile', out, ...proofs], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (!existsSync(out)) throw new Error(`No proof is called ${proofs.join(' or ')}`);
  const { testResults } = JSON.parse(readFileSync(out, 'utf8'));
  return testResults.flatMap(({ assertionResults, status, name, message }) =>
    assertionResults.length === 0 && status === 'failed' ? [{ fullName: name, status, failureMessages: [message] }] : assertionResults,
  );
}

function describe(version, results) {
  const count = (wanted) => results.filter(({ status }) => status === wanted).length;
  const failed = results.filter(({ status }) => status === 'failed');
  const lines = failed.map(
    ({ fullName, failureMessages }) => `- ${fullName}\n  ${(failureMessages[0] ?? '').split('\n')[0].slice(0, 300)}`,
  );
  return `# orcc against Claude Code ${version}\n\n${count('passed')} passed, ${failed.length} failed, ${results.length - count('passed') - failed.length} not proven\n\n${lines.join('\n')}\n`;
}

/** The version from the package beside the program, since the program must not be started outside a network namespace. */
function versionOf(client) {
  try {
    return JSON.parse(readFileSync(join(client, '..', 'package.json'), 'utf8')).version;
  } catch {
    return values.version;
  }
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
