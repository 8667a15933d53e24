import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBox, type Box } from '../support/box.ts';
import { CTRL_C, DEFAULT, type Answer } from '../support/scripted-ask.ts';
import { useSimulator } from '../support/use-simulator.ts';

const simulator = await useSimulator();
let box: Box;
beforeEach(() => {
  box = createBox();
});
afterEach(() => box.dispose());

const wizard = (answers: readonly Answer[], args: readonly string[] = [], env: Record<string, string> = {}) =>
  box.orcc(['init', '--base-url', simulator.baseUrl, '--no-test', ...args], { answers, env });

/** The questions of a first set-up with an answer that goes on; single ones can be replaced. */
function answers(changes: Partial<Record<'key' | 'paste' | 'models' | 'default' | 'targets' | 'auto' | 'write', unknown>> = {}): Answer[] {
  const given = {
    key: 'paste',
    paste: simulator.key,
    models: 'guide',
    default: DEFAULT,
    targets: DEFAULT,
    auto: true,
    write: true,
    ...changes,
  };
  return [
    { to: /Which OpenRouter key/, give: given.key },
    { to: /not shown/, give: given.paste },
    { to: /Which models/, give: given.models },
    { to: /Which alias/, give: given.default },
    { to: /Where shall it be written/, give: given.targets },
    { to: /auto mode/, give: given.auto },
    { to: /Write this/, give: given.write },
  ];
}

describe('orcc init on a terminal', () => {
  it('leads from nothing to a written set-up, in this order', async () => {
    const ran = await wizard(answers());
    expect(ran.code).toBe(0);
    expect(box.read('.bashrc')).toContain("ANTHROPIC_DEFAULT_OPUS_MODEL='z-ai/glm-4.7'");
    expect(JSON.parse(box.read('.claude/settings.json') ?? '')).toEqual({ permissions: { disableAutoMode: 'disable' } });
    expect(ran.stdout + ran.stderr).not.toContain(simulator.key);
  });

  it('says what was found', async () => {
    box.write('.claude/settings.json', '{"env": {"ANTHROPIC_BASE_URL": "https://proxy.example"}}');
    const ran = await wizard([{ to: /key/, give: CTRL_C }], [], { ANTHROPIC_BASE_URL: 'https://old.example' });
    expect(ran.stderr).toContain('bash');
    expect(ran.stderr).toContain('no Claude Code yet');
    expect(ran.stderr).toContain('https://proxy.example');
    expect(ran.stderr).toContain('~/.claude/settings.json');
  });

  it('offers to move a key that stands in clear, though the block overrides it, and remove puts it back', async () => {
    const profile = `export ANTHROPIC_AUTH_TOKEN=${simulator.key}\n`;
    box.write('.bashrc', profile);
    const move = { to: /Move it into orcc's private folder/, give: true };
    const [, , ...rest] = answers();
    const given = [{ to: /Which OpenRouter key/, give: simulator.key }, ...rest.slice(0, 3), move, ...rest.slice(3)];
    const ran = await wizard(given);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain('~/.bashrc:1');
    expect(box.read('.bashrc')).not.toContain(simulator.key);
    await box.orcc(['remove', '--yes']);
    expect(box.read('.bashrc')).toBe(profile);
  });

  it('tells what OpenRouter says of the key', async () => {
    expect((await wizard(answers())).stderr).toMatch(/Key accepted: .*\$18\.50 of \$20\.00 left.*free calls/);
  });

  it('asks again for a key that is refused, with the reason', async () => {
    const [which, paste, ...rest] = answers();
    if (which === undefined || paste === undefined) throw new Error('no answers');
    const wrong = (key: string): Answer[] => [which, { ...paste, give: key }];
    const ran = await wizard([
      ...wrong(simulator.keys.management),
      ...wrong(simulator.keys.expired),
      ...wrong(simulator.keys.bad),
      ...wrong('two words'),
      which,
      paste,
      ...rest,
    ]);
    expect(ran.code).toBe(0);
    for (const reason of ['management key', 'expired', 'does not accept the key', 'blanks inside']) expect(ran.stderr).toContain(reason);
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
  });

  it('offers keys of the sk-or- shape that are there already, masked, with their place', async () => {
    box.write('.bashrc', `export OPENROUTER_API_KEY="${simulator.key}"\n`);
    box.write('.claude/settings.json', '{"env": {"ANTHROPIC_AUTH_TOKEN": "sk-or-v1-000000000000000000000000"}}');
    const ran = await wizard([{ to: /key/, give: CTRL_C }], [], { ANTHROPIC_AUTH_TOKEN: 'sk-ant-oat01-abcdefabcdefabcdef' });
    const names = ran.questions[0]?.choices.map((choice) => choice.name).join('\n') ?? '';
    expect(names).toContain('~/.bashrc:1');
    expect(names).toContain('~/.claude/settings.json:1');
    expect(names).not.toContain(simulator.key);
    expect(names).not.toContain('sk-ant');
  });

  it('takes such a key where the user agrees', async () => {
    const [, , ...rest] = answers();
    const ran = await wizard([{ to: /key/, give: simulator.key }, ...rest], [], { OPENROUTER_API_KEY: simulator.key });
    expect(ran.code).toBe(0);
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
  });

  it('lets each alias be searched for; unsuitable models can not be chosen and say why', async () => {
    const [key, paste, , ...rest] = answers();
    if (key === undefined || paste === undefined) throw new Error('no answers');
    const search: Answer[] = [
      { to: /opus/, give: ['glm 5.3', 'z-ai/glm-5.3'] },
      { to: /sonnet/, give: ['minimax', 'minimax/minimax-m3'] },
      { to: /haiku/, give: ['deepseek', 'deepseek/deepseek-v4-flash'] },
      { to: /fable/, give: '' },
      { to: /subagent/, give: '' },
    ];
    const ran = await wizard([key, paste, { to: /Which models/, give: 'own' }, ...search, ...rest]);
    expect(ran.code).toBe(0);
    expect(box.read('.bashrc')).toContain("ANTHROPIC_DEFAULT_FABLE_MODEL='z-ai/glm-5.3'");
    const opus = ran.questions.find((question) => /opus/.test(question.message));
    const find = (id: string) => opus?.choices.find((choice) => choice.value === id);
    expect(find('perplexity/sonar-pro')?.disabled).toMatch(/tool/);
    expect(find('qwen/qwen-2.5-72b-instruct')?.disabled).toMatch(/window/);
    expect(find('z-ai/glm-4.7')?.name).toMatch(/200K.*0\.60.*2\.20/);
    expect(find('z-ai/glm-5.2:batch')).toBeUndefined();
  });

  it('ticks the current shell’s profile and offers the others with one line each', async () => {
    box.write('.zshrc', '');
    box.write('.config/fish/config.fish', '');
    const ran = await wizard([...answers().slice(0, 4), { to: /Where/, give: CTRL_C }]);
    const question = ran.questions.at(-1);
    expect(question?.preset).toEqual(['bash']);
    expect(question?.choices.map((choice) => choice.value)).toEqual(['bash', 'zsh', 'fish', 'user', 'project', 'local']);
    for (const choice of question?.choices ?? []) expect(choice.name.length).toBeGreaterThan(25);
  });

  it('ticks user settings in a shell that it writes no file for', async () => {
    const ran = await wizard([...answers().slice(0, 4), { to: /Where/, give: CTRL_C }], [], { SHELL: '/usr/bin/tcsh' });
    expect(ran.questions.at(-1)?.preset).toEqual(['user']);
    expect(ran.stderr).toContain('tcsh');
  });

  it('shows every file with its mode before the one question, the key masked, and the worst the test may cost', async () => {
    const ran = await box.orcc(['init', '--base-url', simulator.baseUrl], {
      answers: answers({ targets: ['bash', 'user'], write: false }),
    });
    expect(ran.code).toBe(130);
    for (const name of ['~/.config/orcc/key', '~/.bashrc', '~/.claude/settings.json']) expect(ran.stderr).toContain(name);
    expect(ran.stderr).toContain('mode 0600');
    expect(ran.stderr).toMatch(/at most \$/);
    expect(ran.stderr).toContain('CLAUDE_CODE_MAX_OUTPUT_TOKENS=32000: ');
    expect(ran.stderr).not.toContain(simulator.key);
  });

  it('tests each alias after the writing and says what to do now', async () => {
    const ran = await box.orcc(['init', '--base-url', simulator.baseUrl, '--quick'], { answers: answers() });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/opus .*ok|ok .*opus/);
    expect(ran.stderr).toContain('source ~/.bashrc');
    expect(ran.stderr).toContain('orcc undo');
    expect(ran.stderr).toContain('providers behind the chosen models');
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('leaves every file as it was after Ctrl-C at question %i, exit 130', async (index) => {
    box.write('.bashrc', 'alias a=b\n');
    const before = box.traces();
    const all = answers();
    const ran = await wizard([...all.slice(0, index), { to: /./, give: CTRL_C }]);
    expect(ran.code).toBe(130);
    expect(box.traces()).toEqual(before);
  });

  it('a no to the preview is exit 130, too, with nothing written', async () => {
    const before = box.traces();
    const ran = await wizard(answers({ write: false }));
    expect(ran.code).toBe(130);
    expect(box.traces()).toEqual(before);
  });

  it('asks only what flags left open', async () => {
    const ran = await wizard(
      [
        { to: /auto mode/, give: false },
        { to: /Write/, give: true },
      ],
      ['--key-env', 'K', '--preset', 'guide', '--target', 'bash'],
      { K: simulator.key },
    );
    expect(ran.code).toBe(0);
    expect(box.read('.claude/settings.json')).toBeNull();
  });

  it('does not ask about auto mode where it is off already', async () => {
    box.write('.claude/settings.json', '{"permissions": {"disableAutoMode": "disable"}}');
    const before = box.tree();
    const ran = await wizard(answers().filter((answer) => !answer.to.test('auto mode')));
    expect(ran.code).toBe(0);
    expect(box.tree()['home/.claude/settings.json']).toBe(before['home/.claude/settings.json']);
  });
});

describe('a second orcc init on a terminal', () => {
  const again = (): Answer[] => [
    { to: /Which OpenRouter key/, give: DEFAULT },
    { to: /Which models/, give: DEFAULT },
    { to: /Which alias/, give: DEFAULT },
    { to: /Where/, give: DEFAULT },
  ];

  it('has the present values as defaults; the same answers change nothing, no time either', async () => {
    await wizard(answers({ models: 'value', default: 'haiku', targets: ['bash', 'user'] }));
    const before = box.traces();
    const ran = await box.orcc(['init'], { answers: again() });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('Nothing to change');
    expect(ran.questions.map((question) => question.preset).slice(1)).toEqual(['value', 'haiku', ['bash', 'user']]);
    expect(box.traces()).toEqual(before);
  });

  it('offers to keep a mapping that is no preset', async () => {
    await wizard(answers());
    await box.orcc(['switch', 'haiku=deepseek/deepseek-v4-flash', '--yes']);
    const before = box.traces();
    const ran = await box.orcc(['init'], { answers: again() });
    expect(ran.questions[1]?.preset).toBe('present');
    expect(ran.stderr).toContain('Nothing to change');
    expect(box.traces()).toEqual(before);
  });

  it('clears a place that is no longer ticked, without taking its values for someone else’s', async () => {
    await wizard(answers({ targets: ['bash', 'user'] }));
    const ran = await box.orcc(['init', '--no-test'], {
      answers: [
        { to: /key/, give: DEFAULT },
        { to: /Which models/, give: 'value' },
        { to: /Which alias/, give: DEFAULT },
        { to: /Where/, give: ['bash'] },
        { to: /Write/, give: true },
      ],
    });
    expect(ran.code).toBe(0);
    expect(ran.stderr).not.toContain('warning: User settings');
    expect(JSON.parse(box.read('.claude/settings.json') ?? '')).toEqual({ permissions: { disableAutoMode: 'disable' } });
    expect(box.read('.bashrc')).toContain('z-ai/glm-5.3');
  });
});

describe('values in the way, on a terminal', () => {
  it('of user settings are shown with their place, and written over with consent alone', async () => {
    box.write('.claude/settings.json', '{\n  "env": {\n    "ANTHROPIC_MODEL": "opus"\n  }\n}\n');
    const before = box.tree();
    const [key, paste, models, alias, targets, auto, write] = answers();
    const ran = await wizard(
      [key, paste, models, alias, targets, { to: /user settings too/, give: true }, auto, write].filter((each) => each !== undefined),
    );
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('ANTHROPIC_MODEL=opus (~/.claude/settings.json:3)');
    expect(JSON.parse(box.read('.claude/settings.json') ?? '').env['ANTHROPIC_MODEL']).toBe('sonnet');
    await box.orcc(['remove', '--yes']);
    expect(box.tree()).toEqual(before);
  });

  it('of the profile are commented out with consent alone', async () => {
    box.write('.bashrc', 'case $- in *i*) ;; *) return ;; esac\nexport ANTHROPIC_MODEL=opus\n');
    const [key, paste, models, alias, targets, auto, write] = answers();
    const before = box.tree();
    const ran = await wizard(
      [key, paste, models, alias, targets, { to: /Comment them out/, give: true }, auto, write].filter((each) => each !== undefined),
    );
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('~/.bashrc:2');
    expect(box.read('.bashrc')).not.toMatch(/^export ANTHROPIC_MODEL=opus/m);
    await box.orcc(['remove', '--yes']);
    expect(box.tree()).toEqual(before);
  });

  it('a broken configuration is put aside with consent alone', async () => {
    box.write('.config/orcc/config.json', '{ broken', 0o600);
    const before = box.traces();
    expect((await wizard([{ to: /config\.json/, give: false }])).code).toBe(6);
    expect(box.traces()).toEqual(before);
    expect((await wizard([{ to: /config\.json/, give: true }, ...answers()])).code).toBe(0);
    expect(box.read('.config/orcc/config.broken.json')).toBe('{ broken');
  });
});

describe('bare orcc', () => {
  it('offers init on a terminal where nothing is configured', async () => {
    const before = box.traces();
    const ran = await box.orcc([], { answers: [{ to: /Set Claude Code up/, give: false }] });
    expect(ran.code).toBe(0);
    expect(box.traces()).toEqual(before);
    expect(
      (
        await box.orcc([], {
          answers: [
            { to: /Set Claude Code up/, give: true },
            { to: /key/, give: CTRL_C },
          ],
        })
      ).code,
    ).toBe(130);
    expect(box.traces()).toEqual(before);
  });
});
