// Writes docs/screens/*.svg from a real run of the built program against its own simulator, in a home of its own:
// `npm run build && node scripts/screens.mjs`. Nothing is touched up.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderSvg } from './screens/render-svg.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'orcc-screens-'));
const bin = join(root, 'bin', 'orcc.js');
const env = { PATH: process.env.PATH, HOME: home, USERPROFILE: home, SHELL: '/bin/bash', LANG: 'C.UTF-8', FORCE_COLOR: '1' };

const simulator = spawn(process.execPath, [bin, 'simulate'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
try {
  const told = await new Promise((resolve, reject) => {
    let text = '';
    simulator.stdout.setEncoding('utf8').on('data', (piece) => {
      text += piece;
      if (/^key\s+\S+$/m.test(text.replace(/\x1b\[[\d;]*m/g, ''))) resolve(text.replace(/\x1b\[[\d;]*m/g, ''));
    });
    simulator.on('exit', () => reject(new Error('the simulator ended')));
  });
  const baseUrl = /base URL\s+(\S+)/.exec(told)[1];
  env.OPENROUTER_API_KEY = /^key\s+(\S+)$/m.exec(told)[1];
  run(['init', '--yes', '--key-env', 'OPENROUTER_API_KEY', '--base-url', baseUrl, '--preset', 'guide', '--target', 'bash', '--no-test']);
  mkdirSync(join(root, 'docs', 'screens'), { recursive: true });
  for (const args of [['test'], ['status'], ['switch', 'haiku=deepseek/deepseek-v4-flash', '--dry-run']]) {
    const title = `orcc ${args.join(' ')}`;
    writeFileSync(join(root, 'docs', 'screens', `${args[0]}.svg`), renderSvg(`\x1b[36m$\x1b[0m ${title}\n${run(args)}`, title));
  }
} finally {
  simulator.kill('SIGINT');
  rmSync(home, { recursive: true, force: true });
}

/** Both streams as a new terminal would show them. */
function run(args) {
  const { stdout, status } = spawnSync('sh', ['-c', '[ ! -f ~/.bashrc ] || . ~/.bashrc; "$@" 2>&1', 'sh', process.execPath, bin, ...args], {
    env,
    cwd: home,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`orcc ${args.join(' ')} ended with ${status}\n${stdout}`);
  return stdout;
}
