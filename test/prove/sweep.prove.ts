import fc from 'fast-check';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findProgram } from '../support/prove.ts';
import { claudeNeeds } from '../support/realm.ts';
import { openScene } from '../support/set-ups/scene.ts';
import { useRealm, useSimulation } from '../support/stage.ts';

const missing = claudeNeeds();

/** Set-ups: layers x shells x values x conditions. */
const RUNS = 40;

const SHELLS = ['bash', 'zsh', 'fish'] as const;
const MODELS = ['qwen/qwen3-coder-next', 'z-ai/glm-4.7', 'minimax/minimax-m3'] as const;
const URLS = ['URL', 'URL/gate'] as const;

/** One variable with a value; URL and KEY stand for those of the set-up. */
const variable = fc.oneof(
  { weight: 3, arbitrary: fc.record({ name: fc.constant('ANTHROPIC_BASE_URL'), value: fc.constantFrom(...URLS) }) },
  {
    weight: 3,
    arbitrary: fc.record({ name: fc.constant('ANTHROPIC_AUTH_TOKEN'), value: fc.constantFrom('KEY', 'KEY', 'sk-or-v1-another') }),
  },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('ANTHROPIC_MODEL'), value: fc.constantFrom('opus', 'sonnet', ...MODELS) }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('ANTHROPIC_DEFAULT_OPUS_MODEL'), value: fc.constantFrom(...MODELS) }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('ANTHROPIC_DEFAULT_SONNET_MODEL'), value: fc.constantFrom(...MODELS) }) },
  { weight: 1, arbitrary: fc.record({ name: fc.constantFrom('ANTHROPIC_MODEL', 'ANTHROPIC_AUTH_TOKEN'), value: fc.constant('') }) },
);
type Variable = { readonly name: string; readonly value: string };

/** How a start-up file sets it: certain, under a condition, worked out, or not at all. */
const WAYS = {
  posix: [
    (each: Variable) => `export ${each.name}='${each.value}'`,
    (each: Variable) => `export ${each.name}='${each.value}'`,
    (each: Variable) => `export ${each.name}='${each.value}'`,
    (each: Variable) => `if [ -n "$WORK" ]; then\n  export ${each.name}='${each.value}'\nfi`,
    (each: Variable) => `[ -f ~/.here ] && export ${each.name}='${each.value}'`,
    (each: Variable) => `if [ -f ~/.not-here ]; then export ${each.name}='${each.value}'; fi`,
    (each: Variable) => `export ${each.name}="$(printf %s '${each.value}')"`,
    (each: Variable) => `glm() { export ${each.name}='${each.value}'; }`,
    (each: Variable) => `unset ${each.name}`,
    (each: Variable) => `typeset -x ${each.name}='${each.value}'`,
    (each: Variable) => `readonly ${each.name}='${each.value}'; export ${each.name}`,
  ],
  fish: [
    (each: Variable) => `set -gx ${each.name} '${each.value}'`,
    (each: Variable) => `set -gx ${each.name} '${each.value}'`,
    (each: Variable) => `set -gx ${each.name} '${each.value}'`,
    (each: Variable) => `if set -q WORK\n  set -gx ${each.name} '${each.value}'\nend`,
    (each: Variable) => `test -f ~/.not-here; and set -gx ${each.name} '${each.value}'`,
    (each: Variable) => `set -gx ${each.name} (printf %s '${each.value}')`,
    (each: Variable) => `function glm\n  set -gx ${each.name} '${each.value}'\nend`,
    (each: Variable) => `set -e ${each.name}`,
  ],
};
const line = fc.record({ each: variable, way: fc.nat({ max: 1000 }) });
const members = fc.option(fc.array(variable, { maxLength: 2 }), { freq: 2 });
const setUp = fc.record({
  shell: fc.constantFrom(...SHELLS),
  lines: fc.array(line, { minLength: 3, maxLength: 8 }),
  /** In a file that the start-up file reads in first. */
  before: fc.array(line, { maxLength: 3 }),
  user: members,
  project: members,
  local: members,
  isWork: fc.boolean(),
});

interface Said {
  readonly data: {
    readonly baseUrl: { readonly value: string } | null;
    readonly key: object | null;
    readonly default: { readonly model: string };
    readonly startup: {
      readonly may: readonly { readonly name: string }[];
      readonly notKnown: readonly { readonly names: readonly string[] | null }[];
    };
  };
}

/** Which variables an answer hangs on. */
const ABOUT = {
  'where it goes': ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY'],
  'the model': ['ANTHROPIC_MODEL', 'ANTHROPIC_DEFAULT_OPUS_MODEL', 'ANTHROPIC_DEFAULT_SONNET_MODEL'],
} as const;

function certainty({ data }: Said, names: readonly string[]): 'is' | 'may' | 'not known' {
  const { may, notKnown } = data.startup;
  if (notKnown.some((each) => each.names === null || each.names.some((name) => names.includes(name)))) return 'not known';
  return may.some(({ name }) => names.includes(name)) ? 'may' : 'is';
}

describe.skipIf(missing)('status on random layers, shells, values and conditions', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  const counts = { is: 0, may: 0, 'not known': 0 };
  afterAll(async () => {
    const all = counts.is + counts.may + counts['not known'];
    const share = (count: number): string => `${String(Math.round((100 * count) / Math.max(all, 1)))} %`;
    console.log(`${String(all)} answers: is ${share(counts.is)}, may ${share(counts.may)}, not known ${share(counts['not known'])}`);
  });

  it('says "is" only of what the real shell and the real client do', { timeout: 1_500_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(setUp, async ({ shell: asked, lines, before, user, project, local, isWork }) => {
        const shell = findProgram(asked) === undefined ? 'bash' : asked;
        const scene = await openScene(realm, simulation);
        const fill = (text: string): string => text.replace('URL', scene.url).replace('KEY', scene.key);
        const ways = WAYS[shell === 'fish' ? 'fish' : 'posix'];
        const write = (some: typeof lines): string =>
          some.map(({ each, way }) => `${ways[way % ways.length]?.({ ...each, value: fill(each.value) }) ?? ''}\n`).join('');
        const text = `${before.length === 0 ? '' : '. ~/.before\n'}${write(lines)}`;
        scene.write('.before', write(before));
        const start = { bash: '.bashrc', zsh: '.zshrc', fish: '.config/fish/config.fish' }[shell];
        scene.write(start, text, 0o644);
        scene.write('.here', '');
        const settings = { '.claude/settings.json': user, './.claude/settings.json': project, './.claude/settings.local.json': local };
        for (const [file, some] of Object.entries(settings))
          if (some !== null) scene.write(file, { env: Object.fromEntries(some.map(({ name, value }) => [name, fill(value)])) });
        mkdirSync(path.join(scene.cwd), { recursive: true });
        const env = { ...scene.env, SHELL: findProgram(shell) ?? shell, ...(isWork ? { WORK: 'yes' } : {}) };

        const status = await realm.run('orcc', ['status', '--json'], { env, cwd: scene.cwd });
        const said = JSON.parse(status.stdout) as Said;
        scene.witness.takeAsked();
        const real = await realm.run(shell, ['-ic', 'claude -p hi'], { env, cwd: scene.cwd });
        const [first] = scene.witness.takeAsked().filter(({ path: to }) => !to.includes('count_tokens'));

        const { baseUrl, key, default: named } = said.data;
        const goes = certainty(said, ABOUT['where it goes']);
        const asks = certainty(said, ABOUT['the model']);
        counts[goes] += 1;
        counts[asks] += 1;
        const context = `${shell}\n${write(before)}---\n${text}\n${JSON.stringify(settings)}\n${status.stdout}\n${real.stdout}${real.stderr}`;
        if (goes === 'is') {
          const expected = baseUrl === null || key === null ? 'nobody' : `${new URL(baseUrl.value).pathname}/v1/messages`;
          expect(first?.path.replace(/\?.*/, '') ?? 'nobody', context).toBe(expected);
        }
        if (asks === 'is' && first !== undefined) expect(first.model, context).toBe(named.model);
      }),
      { numRuns: RUNS, ...(process.env['FC_SEED'] === undefined ? {} : { seed: Number(process.env['FC_SEED']) }) },
    );
  });
});
