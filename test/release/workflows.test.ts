import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { needs } from '../support/prove.ts';

/** The workflows have never run on GitHub: what can be held against each other, and run, without it. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const { version, scripts } = JSON.parse(read('package.json')) as { version: string; scripts: Record<string, string> };

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}
interface Job {
  readonly uses?: string;
  readonly needs?: readonly string[];
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps?: readonly Step[];
}
interface Workflow {
  readonly text: string;
  readonly jobs: Readonly<Record<string, Job>>;
}
const names = readdirSync(path.join(root, '.github', 'workflows'));
const workflows = new Map(
  names.map((name): [string, Workflow] => {
    const text = read(`.github/workflows/${name}`);
    return [name, { text, ...(parse(text) as Pick<Workflow, 'jobs'>) }];
  }),
);
const jobsOf = (name: string): Readonly<Record<string, Job>> => workflows.get(name)?.jobs ?? {};
const all = [...workflows].flatMap(([name, { jobs }]) => Object.entries(jobs).map(([id, job]) => [`${name} ${id}`, job, jobs] as const));
const runsOf = ({ steps = [] }: Job): string[] => steps.flatMap(({ run }) => run ?? []);

/** Members that `matrix.` may name: lists of the matrix itself, and what each row of `include` has. */
function matrixOf({ strategy }: Job): string[] {
  const { include = [], ...lists } = strategy?.matrix ?? {};
  const rows = include.map((row) => Object.keys(row as object));
  return [...Object.keys(lists), ...(rows[0] ?? []).filter((name) => rows.every((row) => row.includes(name)))];
}

/** What an action puts there under a name, or takes. */
const artifacts = (job: Job, action: string): string[] =>
  (job.steps ?? []).flatMap(({ uses = '', with: given }) => (uses.includes(`/${action}@`) ? (given?.['name'] ?? '*') : []));

describe('the workflows', () => {
  it.each(all)('%s waits for jobs that there are, and does not wait for ever', (_, job, jobs) => {
    for (const needed of job.needs ?? []) expect(Object.keys(jobs)).toContain(needed);
    expect(job.uses === undefined ? job['timeout-minutes'] : 1).toBeGreaterThan(0);
    if (job.uses !== undefined) expect(existsSync(path.join(root, job.uses))).toBe(true);
  });

  it.each(all)('%s has expressions that name what is there', (_, job) => {
    const written = [...JSON.stringify(job).matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)].map(([, expression = '']) => expression);
    const known = [...matrixOf(job).map((name) => `matrix.${name}`), 'github.token', 'github.repository'];
    expect(written.filter((expression) => !known.includes(expression))).toEqual([]);
    const conditions = [...JSON.stringify(job).matchAll(/"if":"([^"]*)"/g)].map(([, condition]) => condition);
    expect(conditions.filter((condition) => condition !== 'always()' && condition !== 'failure()')).toEqual([]);
  });

  it.each(all)('%s takes artifacts that a job before it has left', (_, job, jobs) => {
    const left = (job.needs ?? []).flatMap((id) => artifacts(jobs[id] ?? {}, 'upload-artifact'));
    const before = (job.needs ?? []).flatMap((id) =>
      (jobs[id]?.needs ?? []).flatMap((each) => artifacts(jobs[each] ?? {}, 'upload-artifact')),
    );
    for (const name of artifacts(job, 'download-artifact')) {
      if (name === '*') expect([...left, ...before].length).toBeGreaterThan(0);
      else expect(left).toContain(name);
    }
  });

  // Windows has a bash of its own, which starts another Linux.
  it.skipIf(process.platform === 'win32').each(all)('%s starts scripts that are there, in words that bash understands', (_, job) => {
    for (const run of runsOf(job)) {
      expect(spawnSync('bash', ['--noprofile', '--norc', '-n'], { input: run, encoding: 'utf8' }).stderr).toBe('');
      for (const [, name = ''] of run.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(name);
      for (const [, file = ''] of run.matchAll(/(?:^|[\s/])((?:scripts|test)\/[\w./-]+|\.ci\/run)/gm))
        expect([file, existsSync(path.join(root, file))]).toEqual([file, true]);
    }
  });

  it('are named by everything that the pages say was never run, unless it is a command of one’s own', () => {
    const jobs = all.map(([name]) => name.split(' ')[1] ?? '');
    const claims = ['README.md', 'docs/verified.md'].flatMap((name) =>
      read(name)
        .split(/\n(?=[|-] )|\n\n/)
        // Headings and the list of pages name a page, no claim.
        .filter((part) => !/^(?:#|\| \[)/.test(part))
        .filter((part) => /\b(?:never|nobody)\b/i.test(part) && /\b(?:run|called|itself|seen)\b/.test(part)),
    );
    expect(claims.length).toBeGreaterThan(5);
    const isNamed = (claim: string): boolean =>
      /npm run live/.test(claim) || [...claim.matchAll(/jobs? `([\w-]+)`/g)].some(([, job = '']) => jobs.includes(job));
    expect(claims.filter((claim) => !isNamed(claim))).toEqual([]);
  });

  it('say the same in PowerShell as in bash where they run on Windows', () => {
    const onWindows = all.filter(([, job]) => /windows-20/.test(JSON.stringify(job.strategy ?? {})));
    expect(onWindows.map(([name]) => name)).toEqual(['ci.yml systems', 'release.yml single-files']);
    for (const [, job] of onWindows)
      for (const run of runsOf(job)) expect(run.replace(/\$\{\{ matrix\.\w+ \}\}/g, 'NAME')).toMatch(/^(?:npm|npx|node) [\w ./:-]+$/);
  });
});

// They run on Ubuntu; other systems have other options of the same programs.
const isGnu = spawnSync('sha256sum', ['--version'], { encoding: 'utf8' }).stdout?.includes('GNU') === true;

describe.skipIf(needs({ fact: isGnu, factName: "GNU's sha256sum" }))('the steps of a release, run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'orcc-workflow-'));
    mkdirSync(path.join(folder, 'bin'));
    mkdirSync(path.join(folder, 'out'));
    symlinkSync(path.join(root, 'scripts'), path.join(folder, 'scripts'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A program that notes its words in `calls`, and ends with this code for those that begin so. */
  const stub = (name: string, refused = '-'): void =>
    writeFileSync(
      path.join(folder, 'bin', name),
      `#!/bin/sh\necho "${name} $*" >> '${folder}/calls'\ncase "$1" in ${refused}) exit 1;; esac\n`,
      {
        mode: 0o755,
      },
    );
  const calls = (): string => readFileSync(path.join(folder, 'calls'), 'utf8');
  /** As GitHub starts a step. */
  const step = (run: string): void => {
    const env = {
      PATH: [path.join(folder, 'bin'), path.dirname(process.execPath), process.env['PATH'] ?? ''].join(':'),
      GITHUB_REF_NAME: `v${version}`,
      GITHUB_REPOSITORY: 'someone/orcc',
      GITHUB_STEP_SUMMARY: path.join(folder, 'summary'),
    };
    const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  };
  const steps = (name: string, job: string): string[] => runsOf(jobsOf(name)[job] ?? {});

  it('npm publishes the tarball with its provenance, and not what is there already', () => {
    writeFileSync(path.join(folder, 'out', `orcc-${version}.tgz`), '');
    stub('npm', 'view');
    for (const run of steps('release.yml', 'npm')) step(run);
    expect(calls()).toBe(`npm view orcc@${version} version\nnpm publish --provenance --access public out/orcc-${version}.tgz\n`);
    rmSync(path.join(folder, 'calls'));
    stub('npm');
    for (const run of steps('release.yml', 'npm')) step(run);
    expect(calls()).toBe(`npm view orcc@${version} version\n`);
  });

  it('GitHub gets all files, one list of sums that holds, the manifests, and the notes of this version', () => {
    const out = path.join(folder, 'out');
    const archives = ['linux-x64.tar.gz', 'linux-arm64.tar.gz', 'darwin-arm64.tar.gz', 'darwin-x64.tar.gz', 'windows-x64.zip'];
    for (const name of archives.map((system) => `orcc-${version}-${system}`)) {
      writeFileSync(path.join(out, name), name);
      writeFileSync(path.join(out, `${name}.sha256`), `${createHash('sha256').update(name).digest('hex')}  ${name}\n`);
    }
    for (const name of [`orcc-${version}.tgz`, `orcc-${version}.cdx.json`]) writeFileSync(path.join(out, name), name);
    writeFileSync(
      path.join(folder, 'CHANGELOG.md'),
      `# Changelog\n\n## 9.9.9 (2030-01-01)\n\n- newer\n\n## ${version} (2026-11-27)\n\n- this\n\n## 0.0.1\n\n- older\n`,
    );
    stub('gh');
    for (const run of steps('release.yml', 'github')) step(run);
    execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: out });
    expect(readFileSync(path.join(folder, 'notes.md'), 'utf8').trim()).toBe('- this');
    const shown = execFileSync('tar', ['-tzf', path.join(out, `orcc-${version}-manifests.tar.gz`)], { encoding: 'utf8' });
    expect(shown).toContain('manifests/homebrew/orcc.rb');
    const [call = ''] = calls().trim().split('\n');
    expect(call).toMatch(new RegExp(`^gh release create v${version} --verify-tag --title v${version} --notes-file notes\\.md `));
    expect(call.split(' ').filter((word) => word.startsWith('out/'))).toEqual(
      readdirSync(out)
        .toSorted()
        .map((name) => `out/${name}`),
    );
    expect(readdirSync(out)).toHaveLength(archives.length + 4);
  });

  it('the table of answers lands on the page of the run', () => {
    mkdirSync(path.join(folder, 'answers'));
    const results = [{ name: 'x', status: 'passed', assertionResults: [{ fullName: 'macOS keeps a key', status: 'passed' }] }];
    writeFileSync(path.join(folder, 'answers', 'macOS-20-systems.json'), JSON.stringify({ testResults: results }));
    for (const run of steps('ci.yml', 'table')) step(run);
    expect(readFileSync(path.join(folder, 'summary'), 'utf8')).toContain('| macOS keeps a key | yes |');
  });

  it.each([
    ['[]', 'gh issue create --title OpenRouter no longer fits'],
    ['[{"number":7}]', 'gh issue comment 7 --body-file report.md'],
  ])('where the weekly look finds something, and %s are open, `%s`', (_, wanted) => {
    writeFileSync(path.join(folder, 'report.md'), 'changed\n');
    const number = /\d+/.exec(_)?.[0] ?? '';
    writeFileSync(
      path.join(folder, 'bin', 'gh'),
      `#!/bin/sh\necho "gh $*" >> '${folder}/calls'\n[ "$2" = list ] && echo '${number}' || true\n`,
      {
        mode: 0o755,
      },
    );
    step(steps('watch.yml', 'openrouter').at(-1) ?? '');
    expect(calls()).toContain(wanted);
  });
});
