// Whole-process time of the commands that people and scripts run often, as a ratio to `node -e 0`.
import { cleanEnv, comparePairs, makeConfiguredHome, makeFolder, orccEntry, pairsOf, timeProgram } from './kit.mjs';

export async function* measure() {
  const empty = makeFolder('home');
  const configured = await makeConfiguredHome(['bash', 'user']);
  const models = ['z-ai/glm-5.3', 'z-ai/glm-4.7'];
  const commands = [
    { what: '--version', parameters: ['--version'], home: empty, bar: 1.2, aim: 1.05 },
    { what: '--help', parameters: ['--help'], home: empty, bar: 2, aim: 1.5 },
    { what: 'env', parameters: ['env'], home: configured, bar: 1.8, aim: 1.5 },
    { what: 'status --json', parameters: ['status', '--json'], home: configured, bar: 2.9, aim: 2 },
    { what: 'models glm --json --offline', parameters: ['models', 'glm', '--json', '--offline'], home: configured, bar: 2.9, aim: 2 },
    { what: 'doctor --offline', parameters: ['doctor', '--offline', '--json'], home: configured, bar: 6, codes: [0, 1] },
    // A different model each time, so that every run writes something.
    {
      what: 'switch opus=... --yes, offline',
      parameters: (i) => ['switch', `opus=${models[Math.abs(i) % 2]}`, '--yes', '--offline', '--json'],
      home: configured,
      bar: 4,
      aim: 3,
    },
  ];
  for (const { what, parameters, home, bar, aim, codes } of commands) {
    const env = cleanEnv(home);
    const given = (i) => (typeof parameters === 'function' ? parameters(i) : parameters);
    const { ratio, value, base } = await comparePairs(
      (i) => timeProgram(process.execPath, [orccEntry, ...given(i)], { env, codes }),
      () => timeProgram(process.execPath, ['-e', '0'], { env }),
      pairsOf(40),
    );
    yield {
      what: `orcc ${what}`,
      value: ratio,
      unit: 'x',
      bar,
      aim,
      note: `${value.toFixed(0)} ms against ${base.toFixed(0)} ms of node -e 0`,
    };
  }
}
