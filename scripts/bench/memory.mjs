// Peak memory of common commands, compared with that of `node -e 0`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, makeFolder, median, openConfiguredHome, peakProbe, runOrcc, timeProgram } from './kit.mjs';

const COMMANDS = [
  ['--help'],
  ['env'],
  ['status', '--json'],
  ['switch', 'opus=z-ai/glm-5.3', '--yes', '--offline'],
  ['switch', 'opus=z-ai/glm-4.7', '--yes'],
  ['models', '--refresh'],
];

export async function* measure() {
  const { home, simulator } = await openConfiguredHome(['bash', 'user']);
  try {
    const base = await peakOf(home, (env) => timeProgram(process.execPath, ['-e', '0'], { env }));
    const note = `node -e 0: ${base.toFixed(0)} MiB`;
    for (const command of COMMANDS) {
      const value = await peakOf(home, (env) => runOrcc(command, { env }));
      yield { what: `peak memory of orcc ${command.join(' ')}`, value, unit: ' MiB', bar: 55, aim: 45, note };
    }
  } finally {
    await simulator.close();
  }
}

/** MiB, median of five runs of a program that is started with this environment. */
async function peakOf(home, start) {
  const file = join(makeFolder('peak'), 'kib');
  const env = { ...cleanEnv(home), NODE_OPTIONS: `--require=${peakProbe}`, PEAK_FILE: file };
  const peaks = [];
  for (let i = 0; i < 5; i++) {
    await start(env);
    peaks.push(Number(readFileSync(file, 'utf8')) / 1024);
  }
  return median(peaks);
}
