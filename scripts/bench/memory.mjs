// Peak memory of common commands, compared with that of `node -e 0`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, makeConfiguredHome, makeFolder, median, orccEntry, peakProbe, timeProgram } from './kit.mjs';

export async function* measure() {
  const home = await makeConfiguredHome(['bash', 'user']);
  const base = peakOf(['-e', '0'], home);
  const commands = [
    ['--help'],
    ['env'],
    ['status', '--json'],
    ['switch', 'opus=z-ai/glm-5.3', '--yes', '--offline'],
    ['switch', 'opus=z-ai/glm-4.7', '--yes'],
  ];
  for (const command of commands) {
    const value = peakOf([orccEntry, ...command], home);
    yield {
      what: `peak memory of orcc ${command.join(' ')}`,
      value,
      unit: ' MiB',
      bar: 55,
      aim: 45,
      note: `node -e 0: ${base.toFixed(0)} MiB`,
    };
  }
}

/** MiB, median of five runs. */
function peakOf(parameters, home) {
  const file = join(makeFolder('peak'), 'kib');
  const env = { ...cleanEnv(home), PEAK_FILE: file };
  const runs = Array.from({ length: 5 }, () => {
    timeProgram(process.execPath, ['-r', peakProbe, ...parameters], { env });
    return Number(readFileSync(file, 'utf8')) / 1024;
  });
  return median(runs);
}
