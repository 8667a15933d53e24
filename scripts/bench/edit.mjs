// An edit of a very large profile and of a very large settings.json, compared with reading and rewriting the same file.
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { importSource } from '../import-source.mjs';
import { comparePairs, makeFolder, pairsOf } from './kit.mjs';

const SOURCES = ['edit/shell/shell-edit.ts', 'edit/json/settings-edit.ts', 'apply/apply-plan.ts', 'system/files.ts', 'system/processes.ts'];
const MiB = 1024 * 1024;

/** What the edit is compared with: the cheapest rewrite there is, and what other tools do to such a file. */
const copied = { how: 'reading and rewriting its bytes', make: (bytes) => bytes };
const reprinted = {
  how: 'reading, parsing, printing and rewriting it',
  make: (bytes) => Buffer.from(JSON.stringify(JSON.parse(bytes.toString('utf8')), null, 2)),
};

export async function* measure() {
  const source = await importSource(...SOURCES);
  const folder = makeFolder('edit');
  for (const file of filesOf(folder, source)) yield* measureFile(file, makeContext(folder, source), source);
}

/** The part of a Context that an edit needs. */
function makeContext(home, source) {
  return {
    fs: source.createFileSystem(),
    clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep: (ms) => new Promise((done) => setTimeout(done, ms)) },
    random: (bytes) => randomBytes(bytes),
    pid: process.pid,
    uid: process.getuid?.(),
    platform: process.platform,
    home,
    env: {},
    processes: source.createProcesses(process.platform),
  };
}

/** The two files, each with the function that plans an edit to another model. */
function filesOf(folder, source) {
  const content = (i) => ({
    baseUrl: 'https://openrouter.ai/api',
    key: { kind: 'file', path: join(folder, 'key') },
    variables: [{ name: 'ANTHROPIC_MODEL', value: `model-${i}` }],
  });
  const kind = { shell: 'sh', holds: 'block', placement: 'before-guard' };
  const shell = { ...kind, home: folder, platform: 'linux', force: false, adopt: false, created: false };
  const settings = { owned: [], createdFile: false, replace: true, force: false };
  const allow = Array.from({ length: (5 * MiB) / 34 }, (_, i) => `Bash(some-command:${String(i).padStart(6, '0')})`);
  return [
    {
      name: '1 MiB .bashrc',
      path: join(folder, 'bashrc'),
      text: 'alias ll="ls -l" # and so on\n'.repeat(MiB / 29),
      comparisons: [copied],
      plan: (path, before, i) => source.planShellFile({ ...shell, path, before, desired: content(i) }),
    },
    {
      name: '5 MiB settings.json',
      path: join(folder, 'settings.json'),
      text: `${JSON.stringify({ permissions: { allow }, env: { A: 'b' } }, null, 2)}\n`,
      comparisons: [copied, reprinted],
      plan: (path, before, i) =>
        source.planSettingsFile({ ...settings, path, before, desired: [{ path: ['env', 'ANTHROPIC_MODEL'], value: `model-${i}` }] }),
    },
  ];
}

async function* measureFile({ name, path, text, comparisons, plan }, ctx, source) {
  writeFileSync(path, text);
  const planned = (before, i) => {
    const result = plan(path, before, i);
    if (!result.ok) throw new Error(result.message);
    return result.after;
  };
  const edit = (i) => timed(() => rewrite(path, planned(readFileSync(path), i)));
  for (const { how, make } of comparisons) {
    const { ratio, value, base } = await comparePairs(edit, () => timed(() => rewrite(path, make(readFileSync(path)))), pairsOf(15));
    const note = `${value.toFixed(0)} ms against ${base.toFixed(0)} ms of ${how}`;
    yield { what: `an edit of a ${name}`, value: ratio, unit: 'x', aim: 3, note };
  }
  const safeEdit = async (i) => {
    const before = readFileSync(path);
    const one = { path, owner: 'user', before, after: planned(before, i), mode: null, modeBefore: 0o644, summary: '' };
    await source.applyPlan(ctx, { edits: [one] }, { folder: join(ctx.home, 'orcc'), command: 'switch' });
  };
  const { ratio, value, base } = await comparePairs(
    (i) => timed(() => safeEdit(i)),
    () => timed(() => rewrite(path, readFileSync(path))),
    pairsOf(15),
  );
  const note = `${value.toFixed(0)} ms against ${base.toFixed(0)} ms of ${copied.how}; the backup is a second copy on the disk`;
  yield { what: `the same with lock, journal and backup`, value: ratio, unit: 'x', note };
}

/** Writes like any careful program: a temporary file, flushed and renamed into place. */
function rewrite(path, bytes) {
  const file = openSync(`${path}.tmp`, 'w');
  writeSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.tmp`, path);
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
