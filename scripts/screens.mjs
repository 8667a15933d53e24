// Writes docs/screens/*.svg, light and dark: what a terminal of 80 columns shows while the built program runs in it against its own
// simulator, in a separate home. `npm run build && node scripts/screens.mjs`. The pictures are not retouched.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { bundleSource } from './import-source.mjs';
import { root } from './build/options.mjs';
import { renderSvg } from './screens/render-svg.mjs';

const COLUMNS = 80;
const folder = mkdtempSync(join(tmpdir(), 'orcc-screens-'));
const home = join(folder, 'home');
const shots = join(root, 'docs', 'screens');
await bundleSource({ screen: join(root, 'test', 'support', 'screen.ts') }, { dir: join(folder, 'support') });
const { Screen } = await import(pathToFileURL(join(folder, 'support', 'screen.mjs')).href);
// init asks Claude Code only for its version.
const programs = join(home, '.local', 'bin');
mkdirSync(programs, { recursive: true });
writeFileSync(join(programs, 'claude'), "#!/bin/sh\necho '2.1.332 (Claude Code)'\n", { mode: 0o755 });
const env = {
  PATH: `${programs}:${process.env.PATH}`,
  HOME: home,
  USERPROFILE: home,
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  COLORTERM: 'truecolor',
};

// Wide enough for its key.
const simulator = start(['simulate'], 120);
try {
  const told = await simulator.waitFor(/key +\S{20,}/);
  const baseUrl = /base URL +(\S+)/.exec(told)[1];
  env.OPENROUTER_API_KEY = /key +(\S+)/.exec(told)[1];
  rmSync(shots, { recursive: true, force: true });
  mkdirSync(shots, { recursive: true });

  const init = start(['init', '--base-url', baseUrl]);
  await init.waitFor(/\? .*[Kk]ey/);
  init.write('\r');
  await init.waitFor(/Which models\?/);
  init.write('\r');
  await init.waitFor(/Write this\?/);
  // A prompt is painted in more than one piece.
  await setTimeout(500);
  take('init', 'orcc init', init);
  init.write('\r');
  await init.exit();

  // Wide enough for the bars.
  await shoot('test', ['test'], 100);
  const choice = start(['switch']);
  await choice.waitFor(/\? /);
  await setTimeout(500);
  take('switch', 'orcc switch', choice);
  choice.write('\x03');
  await choice.exit();
  await shoot('status', ['status']);
  // As after restoring a backup.
  chmodSync(join(home, '.claude', 'settings.json'), 0o644);
  await shoot('doctor', ['doctor']);
} finally {
  simulator.write('\x03');
  await simulator.exit();
  rmSync(folder, { recursive: true, force: true });
}

/** Starts orcc in its own terminal. */
function start(args, cols = COLUMNS) {
  const screen = new Screen(cols, 60);
  const terminal = spawn(process.execPath, [join(root, 'bin', 'orcc.js'), ...args], { env, cwd: home, cols, rows: 60 });
  let isOver = false;
  terminal.onData((piece) => screen.write(piece));
  terminal.onExit(() => (isOver = true));
  const until = async (isDone, what, ms) => {
    for (const end = Date.now() + ms; !isDone(); await setTimeout(50))
      if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms. The screen:\n${screen.text()}`);
    return screen.text();
  };
  return {
    write: (keys) => terminal.write(keys),
    coloured: () => screen.coloured(),
    waitFor: (wanted) => until(() => new RegExp(wanted).test(screen.text()), `waiting for ${String(wanted)}`, 30_000),
    exit: () => until(() => isOver, 'the end', 60_000),
  };
}

/** Runs a command from start to end and takes its pictures. */
async function shoot(name, args, cols = COLUMNS) {
  const terminal = start(args, cols);
  await terminal.exit();
  take(name, `orcc ${args.join(' ')}`, terminal);
}

/** Writes what the terminal shows now as two pictures. */
function take(name, title, terminal) {
  const text = `\x1b[36m$\x1b[0m ${title}\n${terminal.coloured()}`;
  for (const theme of ['light', 'dark']) writeFileSync(join(shots, `${name}-${theme}.svg`), renderSvg(text, title, theme));
}
