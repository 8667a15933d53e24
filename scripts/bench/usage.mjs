// `orcc usage` over the transcripts of a busy year: 100 000 answers in about 200 MB.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnv, makeConfiguredHome, makeFolder, median, orccEntry, peakProbe, timeProgram } from './kit.mjs';
import { writeTranscripts } from './transcripts.mjs';

export async function* measure() {
  const home = await makeConfiguredHome(['user']);
  writeTranscripts(home, 100_000);
  const projects = join(home, '.claude', 'projects');
  const bytes = readdirSync(projects, { recursive: true }).reduce(
    (sum, name) => sum + (name.endsWith('.jsonl') ? statSync(join(projects, name)).size : 0),
    0,
  );
  const file = join(makeFolder('peak'), 'kib');
  const env = { ...cleanEnv(home), PEAK_FILE: file };
  const runs = Array.from({ length: 5 }, () => {
    const ms = timeProgram(process.execPath, ['-r', peakProbe, orccEntry, 'usage', '--by', 'model', '--offline'], { env });
    return { ms, mib: Number(readFileSync(file, 'utf8')) / 1024 };
  });
  const note = `100 000 answers in ${(bytes / 1e6).toFixed(0)} MB`;
  yield { what: 'orcc usage --by model --offline', value: median(runs.map(({ ms }) => ms)) / 1000, unit: ' s', bar: 2, aim: 1, note };
  yield { what: 'peak memory of it', value: median(runs.map(({ mib }) => mib)), unit: ' MiB', bar: 150, note };
}
