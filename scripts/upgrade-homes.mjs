// `node scripts/upgrade-homes.mjs PROGRAM > test/upgrades/homes.json.gz`: homes as another orcc writes them, one for every storage in every
// target, for the test that today's orcc can use them. PROGRAM is that orcc's bin/orcc.js, built from its commit. The key is not real.
import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

const program = process.argv[2];
if (program === undefined) throw new Error('which program?');
const HOME = join(tmpdir(), 'orcc-upgrade-home');
const KEY = `sk-or-v1-${'0123456789abcdef'.repeat(4)}`;
const env = { HOME, PATH: process.env.PATH, SHELL: '/bin/bash', LANG: 'C.UTF-8', MY_KEY: KEY, GIT_CONFIG_GLOBAL: '/dev/null' };

const RC = 'alias ll="ls -l"\n[ -z "$PS1" ] && return\nexport EDITOR=vi';
const SETTINGS = '{\n\t"theme" : "dark",\n\t"env": {"FOO":"1"}\n}\n';
const FOREIGN = '{"env": {"ANTHROPIC_MODEL" : "opus", "B": "2"}, "theme": "dark"}';

/** Each storage with the targets that do not support it: shells have no helper, settings no variable. */
const STORAGES = { file: [], profile: [], 'env:MY_KEY': ['user', 'local', 'project'], helper: ['bash', 'zsh', 'fish', 'powershell'] };
const TARGETS = ['bash', 'zsh', 'fish', 'powershell', 'user', 'local', 'project'];
const cases = Object.entries(STORAGES).flatMap(([storage, not]) =>
  TARGETS.filter((target) => !not.includes(target)).map((target) => ({
    name: `${storage} in ${target}`,
    before: { '.bashrc': RC, '.zshrc': RC, '.claude/settings.json': SETTINGS },
    isGit: target === 'local',
    runs: [[...init(storage), '--target', target, ...(target === 'project' || target === 'local' ? ['--target', 'user'] : [])]],
  })),
);
const user = [...init('file'), '--target', 'user'];
const bash = [...init('file'), '--target', 'bash'];
cases.push(
  { name: "someone's value replaced", before: { '.claude/settings.json': FOREIGN }, runs: [[...user, '--replace']] },
  { name: 'lines by hand adopted', before: { '.bashrc': `${RC}\nexport ANTHROPIC_MODEL=opus\n` }, runs: [[...bash, '--adopt']] },
  { name: 'auto mode off beside a profile', before: { '.bashrc': RC }, runs: [[...bash, '--no-auto-mode']] },
  { name: 'two changes', before: { '.bashrc': RC }, runs: [bash, ['switch', 'opus=z-ai/glm-4.7-flash', '--yes']] },
  {
    name: 'back at Anthropic',
    before: { '.bashrc': RC, '.claude/settings.json': SETTINGS },
    runs: [
      [...bash, '--target', 'user'],
      ['switch', '--native', '--yes'],
    ],
  },
  // Killed after this many files have been renamed into place.
  ...[1, 2, 3].map((count) => ({ name: `killed after ${count}`, before: { '.bashrc': RC }, killedAfter: count, runs: [bash] })),
);

function init(storage) {
  return ['init', '--yes', '--key-env', 'MY_KEY', '--preset', 'guide', '--no-check', '--no-test', '--key-storage', storage];
}

/** Mode and text of every file below the home, except git's own. */
function readHome() {
  const files = {};
  const visit = (folder) => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      const stat = lstatSync(path);
      if (stat.isDirectory() && name === '.git') continue;
      if (stat.isDirectory()) visit(path);
      else
        files[relative(HOME, path)] = { mode: stat.mode & 0o777, text: readFileSync(path, 'utf8').replace(/"pid":\d+/, '"pid":999999999') };
    }
  };
  visit(HOME);
  return files;
}

/** A module that kills the process once the given number of files have been renamed into place. */
const killer = join(tmpdir(), 'orcc-upgrade-kill.cjs');
writeFileSync(
  killer,
  `const fs = require('node:fs'); const real = fs.renameSync; let left = Number(process.env.KILLED_AFTER);
fs.renameSync = (...args) => { real(...args); if (!String(args[1]).includes('history') && --left === 0) process.kill(process.pid, 'SIGKILL'); };`,
);

const homes = cases.map(({ name, before, runs, isGit = false, killedAfter }) => {
  rmSync(HOME, { recursive: true, force: true });
  for (const [path, text] of Object.entries({ ...before, 'work/README': 'x\n' })) {
    mkdirSync(dirname(join(HOME, path)), { recursive: true });
    writeFileSync(join(HOME, path), text, { mode: 0o644 });
  }
  if (isGit) execFileSync('git', ['init', '-q', join(HOME, 'work')], { env });
  const start = readHome();
  for (const args of runs) {
    const node = killedAfter === undefined ? [] : ['--require', killer];
    const ran = spawnSync(process.execPath, [...node, program, ...args], {
      cwd: join(HOME, 'work'),
      env: { ...env, KILLED_AFTER: String(killedAfter ?? 0) },
      encoding: 'utf8',
    });
    const isFine = killedAfter === undefined ? ran.status === 0 : ran.signal === 'SIGKILL';
    if (!isFine) throw new Error(`${name}: ${args.join(' ')}: ${ran.status} ${ran.stdout}${ran.stderr}`);
  }
  const files = readHome();
  for (const path of Object.keys(files))
    if (start[path]?.text === files[path].text && start[path].mode === files[path].mode) delete files[path];
  return { name, isGit, start, files };
});
rmSync(HOME, { recursive: true, force: true });
rmSync(killer);
process.stdout.write(gzipSync(JSON.stringify({ home: HOME, key: KEY, homes }), { level: 9 }));
