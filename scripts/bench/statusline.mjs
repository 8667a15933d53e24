// `orcc statusline` in a session with a transcript of 5 MB, after each answer.
import { appendFileSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cleanEnv, comparePairs, makeConfiguredHome, orccEntry, pairsOf, timeProgram } from './kit.mjs';
import { writeTranscripts } from './transcripts.mjs';

export async function* measure() {
  const home = await makeConfiguredHome(['user']);
  const today = Date.now() - 7_200_000;
  const file = writeTranscripts(home, 500, { day: today });
  const whole = readFileSync(file, 'utf8');
  while (statSync(file).size < 5_000_000) appendFileSync(file, whole.replaceAll('gen-17800000', `gen-${statSync(file).size}`));
  const input = JSON.stringify({
    session_id: basename(file, '.jsonl'),
    transcript_path: file,
    model: { id: 'z-ai/glm-4.7' },
    context_window: { context_window_size: 200_000, current_usage: { input_tokens: 20_000 } },
  });
  const env = {
    ...cleanEnv(home),
    ANTHROPIC_BASE_URL: JSON.parse(readFileSync(join(home, '.config', 'orcc', 'config.json'), 'utf8')).baseUrl,
  };
  const run = () => timeProgram(process.execPath, [orccEntry, 'statusline'], { env, input });
  const base = () => timeProgram(process.execPath, ['-e', '0'], { env });
  // Often enough that the whole transcript has been read.
  for (let i = 0; i < 20; i += 1) run();
  const last = `${whole.trimEnd().split('\n').at(-1)}\n`;
  let n = 0;
  const cases = [
    { what: 'orcc statusline, nothing new in 5 MB', before: () => {} },
    {
      what: 'orcc statusline, one new answer in 5 MB',
      before: () => appendFileSync(file, last.replace('gen-17800000', `gen-new-${(n += 1)}`)),
    },
    {
      what: 'orcc statusline, the first time in 5 MB',
      before: () => unlinkSync(join(home, '.config', 'orcc', 'cache', 'statusline.json')),
    },
  ];
  for (const { what, before } of cases) {
    const measured = () => {
      before();
      return run();
    };
    const { ratio, value, base: node } = await comparePairs(measured, base, pairsOf(30));
    yield { what, value: ratio, unit: 'x', bar: 2, aim: 1.5, note: `${value.toFixed(0)} ms against ${node.toFixed(0)} ms of node -e 0` };
  }
}
