import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { createBox } from '../support/box.ts';
import { findProgram } from '../support/prove.ts';
import { START_UPS } from '../support/set-ups/start-ups.ts';

interface Said {
  readonly baseUrl: { readonly value: string } | null;
  readonly startup: {
    readonly may: ReadonlyArray<{ readonly name: string }>;
    readonly notKnown: ReadonlyArray<{ readonly names: readonly string[] | null }>;
  };
}

const NAME = 'ANTHROPIC_BASE_URL';

describe.each(['bash', 'zsh', 'fish'] as const)('what status says of start-up files, and what %s makes of them', (shell) => {
  const program = findProgram(shell);
  const counts = { is: 0, may: 0, 'not known': 0 };
  afterAll(() => console.log(`${shell}: ${JSON.stringify(counts)}`));

  const mine = START_UPS.filter(([each]) => each === shell).map(([, name, files]) => [name, files] as const);
  it.skipIf(program === undefined).each(mine)('%s: no "is" differs', async (_name, files) => {
    const box = createBox();
    for (const [name, text] of Object.entries(files)) box.write(name, text, 0o644);
    const env = { SHELL: `/usr/bin/${shell}` };
    const { stdout } = await box.orcc(['status', '--json'], { env });
    const { baseUrl, startup } = (JSON.parse(stdout) as { data: Said }).data;
    const real = printenv(program ?? shell, { HOME: box.home, PATH: process.env['PATH'], TERM: 'dumb', LANG: 'C.UTF-8', ...env }, box.cwd);
    const isMay = startup.may.some(({ name }) => name === NAME);
    const isOpen = startup.notKnown.some(({ names }) => names === null || names.includes(NAME));
    counts[isMay ? 'may' : isOpen ? 'not known' : 'is'] += 1;
    if (!isMay && !isOpen) expect(baseUrl?.value ?? '').toBe(real);
    await box.dispose();
  });
});

/** The variable as a program has it that an interactive shell starts; empty where it has none. */
function printenv(program: string, env: NodeJS.ProcessEnv, cwd: string): string {
  const said = execFileSync(program, ['-ic', `printenv ${NAME}; true`], { env, cwd, stdio: ['ignore', 'pipe', 'ignore'], timeout: 30_000 });
  return said.toString().trim();
}
