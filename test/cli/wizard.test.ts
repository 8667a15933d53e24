import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHANGES } from '../../src/commands/init/changes.ts';
import type { Exec } from '../../src/core/context.ts';
import { CTRL_C, DEFAULT, type Answer } from '../support/scripted-ask.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const wizard = (answers: readonly Answer[], args: readonly string[] = [], env: Record<string, string> = {}) =>
  box.orcc(['init', '--base-url', simulator.baseUrl, '--no-test', ...args], { answers, env });

/** The questions of a first set-up with an answer that goes on; single ones can be replaced. */
function answers(changes: Partial<Record<'key' | 'models' | 'write', unknown>> = {}): [Answer, Answer, Answer] {
  const given = { key: simulator.key, models: 'guide', write: 'write', ...changes };
  return [
    { to: /^OpenRouter key/, give: given.key },
    { to: /^Which models/, give: given.models },
    { to: /^Write this/, give: given.write },
  ];
}

/** From the recap: one thing changed, then back there. */
const change = (id: string, ...questions: readonly Answer[]): Answer[] => [
  { to: /^(Write this|And now)/, give: 'change' },
  { to: /^Change what/, give: id },
  ...questions,
];

describe('orcc init on a terminal', () => {
  it('leads from nothing to a written set-up with three answers, in user settings', async () => {
    const ran = await wizard(answers());
    expect(ran.code).toBe(0);
    expect(ran.questions).toHaveLength(3);
    expect(box.settings()).toMatchObject({
      env: { ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7', ANTHROPIC_MODEL: 'sonnet' },
      permissions: { disableAutoMode: 'disable' },
    });
    expect(box.read('.bashrc')).toBeNull();
    expect(ran.stdout + ran.stderr).not.toContain(simulator.key);
  });

  it('says what was found, in two lines where there is nothing', async () => {
    const ran = await wizard([{ to: /key/, give: CTRL_C }]);
    expect(ran.stderr.split('\n').slice(0, 2)).toEqual([expect.stringMatching(/^Found: .*\bbash\b/), expect.stringMatching(/^[^:~`]+\.$/)]);
  });

  it('says of free models what this key may call in a day, and that the test is free', async () => {
    const ran = await wizard(answers({ models: 'free', write: 'stop' }));
    expect(ran.stderr.replaceAll(/\n {2}/g, ' ')).toMatch(/\b1000 calls\b/);
    expect(ran.stderr).not.toMatch(/\b50 calls\b/);
  });

  it('says which base URL is in effect', async () => {
    box.write('.claude/settings.json', '{"env": {"ANTHROPIC_BASE_URL": "https://proxy.example"}}');
    const ran = await wizard([{ to: /key/, give: CTRL_C }], [], { ANTHROPIC_BASE_URL: 'https://old.example' });
    expect(ran.stderr).toContain('https://proxy.example, by ~/.claude/settings.json');
  });

  it('tells of the block that Claude Code ignores, and of lines set by hand', async () => {
    box.write('.claude/settings.json', '{\n  "anthropic": {"baseURL": "https://openrouter.ai/api"}\n}');
    box.write('.bashrc', '\nexport ANTHROPIC_MODEL=opus\nexport ANTHROPIC_SMALL_FAST_MODEL=x\n');
    const ran = await wizard([{ to: /key/, give: CTRL_C }]);
    expect(ran.stderr).toMatch(/~\/\.claude\/settings\.json:2 .*"anthropic"/);
    expect(ran.stderr).toMatch(/~\/\.bashrc:2-3 .*: ANTHROPIC_MODEL/);
  });

  it('tells what OpenRouter says of the key', async () => {
    expect((await wizard(answers())).stderr).toMatch(/\$18\.50 of \$20\.00 .*\b990\b/);
  });

  it('asks again for a key that is refused, by the same line and with the reason', async () => {
    const [paste, ...rest] = answers();
    const { management, expired, bad } = simulator.keys;
    const wrong = [management, expired, bad, 'two words'].map((give) => ({ ...paste, give }));
    const ran = await wizard([...wrong, paste, ...rest]);
    expect(ran.code).toBe(0);
    for (const reason of ['management key', 'expired', 'does not accept the key', 'contains spaces']) expect(ran.stderr).toContain(reason);
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
  });

  it('offers keys of the sk-or- shape that are there already, masked, with their place, the first as the default', async () => {
    box.write('.bashrc', `export OPENROUTER_API_KEY="${simulator.key}"\n`);
    box.write('.claude/settings.json', '{"env": {"ANTHROPIC_AUTH_TOKEN": "sk-or-v1-000000000000000000000000"}}');
    const ran = await wizard([{ to: /key/, give: CTRL_C }], [], { ANTHROPIC_AUTH_TOKEN: 'sk-ant-oat01-abcdefabcdefabcdef' });
    const names = ran.questions[0]?.choices.map((choice) => choice.name).join('\n') ?? '';
    expect(names).toContain('~/.bashrc:1');
    expect(names).toContain('~/.claude/settings.json:1');
    expect(names).not.toContain(simulator.key);
    expect(names).not.toContain('sk-ant');
    expect(ran.questions[0]?.preset).toBe('sk-or-v1-000000000000000000000000');
  });

  it('takes such a key with Enter; one that is refused is not offered again', async () => {
    const bad = simulator.keys.bad;
    const [, ...rest] = answers();
    box.write('.bashrc', `export OPENROUTER_API_KEY=${simulator.key}\n`);
    const ran = await wizard([{ to: /Which OpenRouter key/, give: DEFAULT }, { to: /Which OpenRouter key/, give: DEFAULT }, ...rest], [], {
      OPENROUTER_API_KEY: bad,
    });
    expect(ran.code).toBe(0);
    expect(ran.questions[1]?.choices.map(({ value }) => value)).toEqual([simulator.key, 'login', 'paste']);
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
  });

  it('shows windows and prices of each preset on one line, one of them recommended and marked, own choice last', async () => {
    const ran = await wizard([answers()[0], { to: /Which models/, give: CTRL_C }]);
    const question = ran.questions.at(-1);
    expect(question?.preset).toBe('value');
    expect(question?.choices.filter(({ name }) => name.includes('(recommended)')).map(({ value }) => value)).toEqual(['value']);
    expect(question?.choices[0]?.name).toMatch(/^guide +128K-256K +\$0\.06-0\.60 \/ \$0\.40-2\.20$/);
    expect(question?.choices.at(-1)?.value).toBe('own');
  });

  it('lets each alias be searched for; unsuitable models can not be chosen and say why', async () => {
    const [key, , write] = answers();
    const search: Answer[] = [
      { to: /opus, hard work and planning/, give: ['glm 5.3', 'z-ai/glm-5.3'] },
      { to: /sonnet/, give: ['minimax', 'minimax/minimax-m3'] },
      { to: /haiku/, give: ['deepseek', 'deepseek/deepseek-v4-flash'] },
      { to: /fable/, give: '' },
      { to: /subagent/, give: '' },
    ];
    const ran = await wizard([key, { to: /Which models/, give: 'own' }, ...search, write]);
    expect(ran.code).toBe(0);
    expect(box.settings().env['ANTHROPIC_DEFAULT_FABLE_MODEL']).toBe('z-ai/glm-5.3');
    const opus = ran.questions.find((question) => /opus/.test(question.message));
    const find = (id: string) => opus?.choices.find((choice) => choice.value === id);
    expect(opus?.preset).toBe('z-ai/glm-5.3');
    expect(opus?.choices[0]).toMatchObject({ name: expect.stringContaining('(recommended)') as string, short: 'z-ai/glm-5.3' });
    expect(find('perplexity/sonar-pro')?.disabled).toMatch(/tool/);
    expect(find('qwen/qwen-2.5-72b-instruct')?.disabled).toMatch(/window/);
    expect(find('z-ai/glm-4.7')?.name).toMatch(/200K.*0\.60.*2\.20/);
    expect(find('z-ai/glm-5.2:batch')).toBeUndefined();
  });

  it('takes the profile where the key storage does not go with user settings', async () => {
    const [, models, write] = answers();
    const ran = await wizard([models, write], ['--key-storage', 'env:MY_KEY'], { MY_KEY: simulator.key });
    expect(ran.code).toBe(0);
    expect(box.read('.bashrc')).toContain('MY_KEY');
  });

  it('has user settings in a shell that it writes no file for', async () => {
    const ran = await wizard(answers(), [], { SHELL: '/usr/bin/tcsh' });
    expect(ran.code).toBe(0);
    expect(box.settings().env['ANTHROPIC_MODEL']).toBe('sonnet');
  });

  it('recaps models, place, files, auto mode, notices and the worst that the test may cost on one screen', async () => {
    const ran = await box.orcc(['init', '--base-url', simulator.baseUrl], { answers: answers({ write: 'stop' }) });
    expect(ran.code).toBe(7);
    expect(ran.stderr).toMatch(/^sonnet \* +qwen\/qwen3-coder-next +256K +\$0\.12 +\$0\.80/m);
    expect(ran.stderr).toContain('Where: ~/.claude/settings.json (');
    expect(ran.stderr).toMatch(/^Files: .*~\/\.claude\/settings\.json \(\+\d+ lines\)/m);
    expect(ran.stderr).toMatch(/^Auto mode: off/m);
    expect(ran.stderr).toMatch(/\bproviders\b.*\bOpenRouter\b/);
    const [likely = 0, worst = 0] = (/^Test: .*/m.exec(ran.stderr)?.[0] ?? '').match(/(?<=\$)[\d.]+/g)?.map(Number) ?? [];
    expect(likely).toBeGreaterThan(0);
    expect(worst).toBeGreaterThan(likely);
    expect(ran.stderr).not.toContain(simulator.key);
  });

  it('shows every file with its mode and the reason of each limit where the diff is asked for, the key masked', async () => {
    const [key, models] = answers();
    const ran = await wizard([key, models, { to: /Write this/, give: 'diff' }, { to: /Write this/, give: 'stop' }]);
    expect(ran.code).toBe(7);
    for (const name of ['~/.config/orcc/key', '~/.claude/settings.json']) expect(ran.stderr).toContain(name);
    expect(ran.stderr).toContain('0600');
    expect(ran.stderr).toContain('CLAUDE_CODE_MAX_OUTPUT_TOKENS=32000: ');
    expect(ran.stderr).not.toContain(simulator.key);
  });

  it('tests each alias after the writing and says what to do now, in four lines at most', async () => {
    const ran = await box.orcc(['init', '--base-url', simulator.baseUrl, '--quick'], { answers: answers() });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/opus .*ok|ok .*opus/);
    const lines = ran.stderr.trimEnd().split('\n');
    const rest = lines.slice(lines.findLastIndex((line) => line.endsWith('npm install -g @anthropic-ai/claude-code')));
    expect(rest.length).toBeLessThanOrEqual(4);
    expect(rest[1]).toMatch(/\bclaude\b/);
    expect(rest.join('\n')).toContain('orcc undo');
  });

  it.each([0, 1, 2])('leaves every file as it was after Ctrl-C at question %i, exit 130', async (index) => {
    box.write('.bashrc', 'alias a=b\n');
    const before = box.traces();
    const ran = await wizard([...answers().slice(0, index), { to: /./, give: CTRL_C }]);
    expect(ran.code).toBe(130);
    expect(box.traces()).toEqual(before);
  });

  it('asks only what flags left open', async () => {
    const ran = await wizard(
      [{ to: /Write/, give: 'write' }],
      ['--key-env', 'K', '--preset', 'guide', '--target', 'bash', '--default', 'opus'],
      { K: simulator.key },
    );
    expect(ran.code).toBe(0);
    expect(box.read('.bashrc')).toContain("ANTHROPIC_MODEL='opus'");
    expect(box.settings()).toEqual({ permissions: { disableAutoMode: 'disable' } });
  });

  it('leaves auto mode alone where it is off already', async () => {
    box.write('.claude/settings.json', '{"permissions": {"disableAutoMode": "disable"}}');
    const before = box.tree();
    const ran = await wizard(answers(), ['--target', 'bash']);
    expect(ran.code).toBe(0);
    expect(box.tree()['home/.claude/settings.json']).toBe(before['home/.claude/settings.json']);
  });
});

describe('“Change something”', () => {
  const [key, models, write] = [0, 1, 2].map((index) => () => answers()[index] as Answer) as [() => Answer, () => Answer, () => Answer];

  it('lists every row of its table with what it is now, and a way back that changes nothing', async () => {
    const ran = await wizard([key(), models(), ...change(''), write()]);
    const rows = ran.questions.find(({ message }) => /Change what/.test(message))?.choices ?? [];
    expect(rows.map(({ value }) => value)).toEqual([...CHANGES.map(({ id }) => id), '']);
    expect(rows.find(({ value }) => value === 'places')?.name).toMatch(/user$/);
    expect(rows.find(({ value }) => value === 'mapping')?.name).toMatch(/ opus z-ai\/glm-4\.7; sonnet qwen\/qwen3-coder-next; haiku /);
    expect(box.settings().env['ANTHROPIC_MODEL']).toBe('sonnet');
  });

  it('changes one thing after the other, each comes back to the recap, and nothing given before is lost', async () => {
    const ran = await wizard([
      key(),
      models(),
      ...change('default', { to: /Which alias/, give: 'haiku' }),
      ...change('places', { to: /Where should it be written/, give: 1 }),
      ...change('auto-mode', { to: /Auto mode/, give: 'kept' }),
      ...change('limits', { to: /Output and context/, give: 'none' }),
      ...change('storage', { to: /Where should the key be kept/, give: 1 }),
      write(),
    ]);
    expect(ran.code).toBe(0);
    const profile = box.read('.bashrc') ?? '';
    expect(profile).toContain("ANTHROPIC_MODEL='haiku'");
    expect(profile).toContain("ANTHROPIC_DEFAULT_OPUS_MODEL='z-ai/glm-4.7'");
    expect(profile).toContain(simulator.key);
    expect(profile).not.toContain('MAX_OUTPUT');
    expect(box.read('.claude/settings.json')).toBeNull();
    expect(ran.questions.filter(({ message }) => /OpenRouter key/.test(message))).toHaveLength(1);
    expect(ran.stderr.match(/^Where: /gm)).toHaveLength(6);
  });

  it('sets rules of routing, which the recap names, and takes them out again', async () => {
    const routing = (give: string): Answer[] => change('routing', { to: /Which providers may answer/, give });
    const ran = await wizard([key(), models(), ...routing('zdr'), write()]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^Routing: .*ZDR/m);
    const body = box.settings().env['CLAUDE_CODE_EXTRA_BODY'] ?? '{}';
    expect(JSON.parse(body)).toEqual({ provider: { zdr: true, data_collection: 'deny' } });
    const again = await box.orcc(['init', '--no-test'], { answers: [...routing('any'), write()] });
    expect(again.code).toBe(0);
    expect(box.settings().env).not.toHaveProperty('CLAUDE_CODE_EXTRA_BODY');
  });

  it('sets everything else that stands beside the mapping, each with a line in the recap', async () => {
    const effort: Answer[] = [
      { to: /How hard should the models/, give: 'one' },
      { to: /For which alias/, give: 'opus' },
      { to: /How hard should opus/, give: 'high' },
    ];
    const check: Answer[] = [
      { to: /Auto mode/, give: 'model' },
      { to: /answers auto mode's check/, give: 'z-ai/glm-5.3' },
    ];
    const ran = await wizard([
      key(),
      models(),
      ...change('fallback', { to: /Which model answers/, give: 'alias:haiku' }),
      ...change('pins', { to: /More rows/, give: 'add' }, { to: /Model for a row/, give: 'z-ai/glm-5.3' }),
      ...change('effort', ...effort),
      ...change('auto-mode', ...check),
      write(),
    ]);
    expect(ran).toMatchObject({ code: 0 });
    for (const line of [/^Fallback: haiku/m, /^Pinned in \/model: z-ai/m, /^Effort: opus high/m, /^Auto mode's check: z-ai/m])
      expect(ran.stderr).toMatch(line);
    const written = box.settings();
    expect(written).toMatchObject({
      fallbackModel: ['haiku'],
      modelSettings: { 'z-ai/glm-4.7': { effortLevel: 'high' } },
      modelPicker: { options: [{ model: 'z-ai/glm-5.3' }] },
      env: { CLAUDE_CODE_AUTO_MODE_SERVER: '0', CLAUDE_CODE_AUTO_MODE_MODEL: 'z-ai/glm-5.3' },
    });
    expect(written).not.toHaveProperty('permissions');
    const again = await box.orcc(['init', '--no-test'], {
      answers: [
        ...change('fallback', { to: /Which model answers/, give: 'none' }),
        ...change('pins', { to: /More rows/, give: 'z-ai/glm-5.3' }),
        ...change('effort', { to: /How hard should the models/, give: 'default' }),
        ...change('auto-mode', { to: /Auto mode/, give: 'off' }),
        write(),
      ],
    });
    expect(again).toMatchObject({ code: 0 });
    const left = box.settings();
    for (const member of ['fallbackModel', 'modelPicker']) expect(left).not.toHaveProperty(member);
    expect(left.env).not.toHaveProperty('CLAUDE_CODE_AUTO_MODE_MODEL');
    expect(JSON.stringify(left)).not.toContain('effortLevel');
  });

  it('keeps the default alias and the places where other models are chosen', async () => {
    const ran = await wizard([
      key(),
      models(),
      ...change('places', { to: /Where/, give: 2 }),
      ...change('mapping', { to: /Which models/, give: 'value' }),
      write(),
    ]);
    expect(ran.code).toBe(0);
    expect(box.read('.bashrc')).toContain("ANTHROPIC_DEFAULT_OPUS_MODEL='z-ai/glm-5.3'");
    expect(box.settings().env['ANTHROPIC_DEFAULT_OPUS_MODEL']).toBe('z-ai/glm-5.3');
  });

  it('offers the profiles and this folder where others than the usual places are wanted', async () => {
    box.write('.zshrc', '');
    box.write('.config/fish/config.fish', '');
    const ran = await wizard([
      key(),
      models(),
      ...change('places', { to: /Where/, give: -1 }, { to: /Where/, give: ['user', 'zsh'] }),
      write(),
    ]);
    const question = ran.questions.find(({ kind }) => kind === 'checkbox');
    expect(question?.preset).toEqual(['user']);
    expect(question?.choices.map((choice) => choice.value)).toEqual(['bash', 'zsh', 'fish', 'user', 'project', 'local']);
    for (const choice of question?.choices ?? []) expect(choice.name.length).toBeGreaterThan(25);
    expect(box.read('.zshrc')).toContain('# >>> orcc >>>');
  });

  it('says what can not be, and goes on with what could', async () => {
    const ran = await wizard([
      key(),
      models(),
      ...change('storage', { to: /key be kept/, give: 2 }),
      ...change('places', { to: /Where/, give: 1 }),
      write(),
    ]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/`helper`.*`bash`/);
    expect(box.settings()).toHaveProperty('apiKeyHelper');
    expect(box.read('.bashrc')).toBeNull();
  });

  it('a no to the project leads back to the recap, and the question comes again with the place', async () => {
    const project = (give: boolean): Answer[] =>
      change('places', { to: /Where/, give: -1 }, { to: /Where/, give: ['user', 'project'] }, { to: /project anyway/, give });
    const ran = await wizard([key(), models(), ...project(false), ...project(true), write()]);
    expect(ran.code).toBe(0);
  });

  it('asks once about values in the way, however often something is changed', async () => {
    box.write('.bashrc', 'case $- in *i*) ;; *) return ;; esac\nexport ANTHROPIC_MODEL=opus\n');
    const ran = await wizard([
      key(),
      models(),
      { to: /Comment them out/, give: true },
      ...change('default', { to: /Which alias/, give: 'opus' }),
      ...change('limits', { to: /Output and context/, give: DEFAULT }),
      write(),
    ]);
    expect(ran.code).toBe(0);
    expect(box.read('.bashrc')).not.toMatch(/^export ANTHROPIC_MODEL=opus/m);
  });

  it('Ctrl-C there leaves every file as it was', async () => {
    const before = box.traces();
    const ran = await wizard([key(), models(), { to: /Write this/, give: 'change' }, { to: /Change what/, give: CTRL_C }]);
    expect(ran.code).toBe(130);
    expect(box.traces()).toEqual(before);
  });
});

describe('a second orcc init on a terminal', () => {
  it('is one Enter, or a no: the same answers change nothing, no time either', async () => {
    await wizard([
      ...answers({ models: 'value' }).slice(0, 2),
      ...change('default', { to: /Which alias/, give: 'haiku' }),
      ...change('places', { to: /Where/, give: 2 }),
      { to: /Write this/, give: 'write' },
    ]);
    // The last test's outcome is kept in the cache.
    const traces = (): unknown => Object.entries(box.traces()).filter(([file]) => !file.includes('/cache'));
    const before = traces();
    expect((await box.orcc(['init', '--quick'], { answers: [{ to: /And now/, give: 'stop' }] })).code).toBe(7);
    const ran = await box.orcc(['init', '--quick'], { answers: [{ to: /And now/, give: DEFAULT }] });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^haiku \*/m);
    expect(ran.stdout).toMatch(/^4 of 4\b/m);
    expect(traces()).toEqual(before);
  });

  it('keeps a mapping that is no preset, and names it where the models are changed', async () => {
    await wizard(answers());
    await box.orcc(['switch', 'haiku=deepseek/deepseek-v4-flash', '--yes']);
    const before = box.traces();
    const ran = await box.orcc(['init', '--no-test'], {
      answers: [...change('mapping', { to: /Which models/, give: DEFAULT }), { to: /And now/, give: DEFAULT }],
    });
    expect(ran.questions[2]?.preset).toBe('present');
    expect(box.traces()).toEqual(before);
  });

  it('asks for the key where the stored one is refused, and for the models where the repository asks for others', async () => {
    await wizard(answers());
    box.write('.config/orcc/key', `${simulator.keys.expired}\n`, 0o600);
    const mapping = { opus: 'z-ai/glm-5.3', sonnet: 'z-ai/glm-5.3', haiku: 'z-ai/glm-4.7-flash' };
    box.writeHere('orcc.json', JSON.stringify({ schemaVersion: 1, mapping }));
    const ran = await box.orcc(['init', '--no-test'], {
      answers: [
        { to: /Which OpenRouter key/, give: simulator.key },
        // Another key than the one that was stored for this address.
        { to: /Send the key/, give: true },
        { to: /Which models/, give: DEFAULT },
        { to: /Write this/, give: DEFAULT },
      ],
    });
    expect(ran.code, ran.stderr).toBe(0);
    expect(box.settings().env['ANTHROPIC_DEFAULT_OPUS_MODEL']).toBe('z-ai/glm-5.3');
  });

  it('asks about the project once, and does not carry it to another folder', async () => {
    const places = change(
      'places',
      { to: /Where/, give: -1 },
      { to: /Where/, give: ['user', 'project'] },
      { to: /project anyway/, give: true },
    );
    await wizard([...answers().slice(0, 2), ...places, { to: /Write/, give: 'write' }]);
    expect(JSON.parse(readFileSync(path.join(box.cwd, '.claude/settings.json'), 'utf8'))).toHaveProperty('env');
    const once = { answers: [{ to: /And now/, give: DEFAULT }] };
    expect((await box.orcc(['init', '--no-test'], once)).code).toBe(0);
    const cwd = path.join(box.cwd, 'other');
    mkdirSync(cwd);
    expect((await box.orcc(['init', '--no-test'], { ...once, cwd })).code).toBe(0);
    expect(existsSync(path.join(cwd, '.claude'))).toBe(false);
  });

  it('clears a place that is no longer chosen, without taking its values for someone else’s', async () => {
    await wizard([...answers().slice(0, 2), ...change('places', { to: /Where/, give: 2 }), { to: /Write/, give: 'write' }]);
    const ran = await box.orcc(['init', '--no-test'], {
      answers: [
        ...change('mapping', { to: /Which models/, give: 'value' }),
        ...change('places', { to: /Where/, give: 1 }),
        { to: /Write/, give: 'write' },
      ],
    });
    expect(ran.code).toBe(0);
    expect(ran.stderr).not.toMatch(/^warning:/m);
    expect(box.settings()).toEqual({ permissions: { disableAutoMode: 'disable' } });
    expect(box.read('.bashrc')).toContain('z-ai/glm-5.3');
  });
});

describe('values in the way, on a terminal', () => {
  it('of user settings are shown with their place, and written over with consent alone', async () => {
    box.write('.claude/settings.json', '{\n  "env": {\n    "ANTHROPIC_MODEL": "opus"\n  }\n}\n');
    const before = box.tree();
    const [key, models, write] = answers();
    const beaten = { to: /user settings too/, give: true };
    const ran = await wizard([key, models, beaten, write], ['--target', 'bash']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('ANTHROPIC_MODEL=opus (~/.claude/settings.json:3)');
    expect(box.settings().env['ANTHROPIC_MODEL']).toBe('sonnet');
    await box.orcc(['remove', '--yes']);
    expect(box.tree()).toEqual(before);
  });

  it('of the profile are commented out with consent alone', async () => {
    box.write('.bashrc', 'case $- in *i*) ;; *) return ;; esac\nexport ANTHROPIC_MODEL=opus\n');
    const [key, models, write] = answers();
    const before = box.tree();
    const ran = await wizard([key, models, { to: /Comment them out/, give: true }, write], ['--target', 'bash']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('~/.bashrc:2');
    expect(box.read('.bashrc')).not.toMatch(/^export ANTHROPIC_MODEL=opus/m);
    await box.orcc(['remove', '--yes']);
    expect(box.tree()).toEqual(before);
  });

  it('exports of a guide are offered to be commented out beside user settings too, with the key in them, and remove puts them back', async () => {
    const profile = `export ANTHROPIC_BASE_URL=${simulator.baseUrl}\nexport ANTHROPIC_AUTH_TOKEN=${simulator.key}\nexport ANTHROPIC_MODEL=opus\n`;
    box.write('.bashrc', profile);
    const before = box.tree();
    const [, models, write] = answers();
    const ran = await wizard([{ to: /Which OpenRouter key/, give: DEFAULT }, models, { to: /Comment them out/, give: DEFAULT }, write]);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.questions).toHaveLength(4);
    expect(ran.stderr).toContain('~/.bashrc:1-3');
    expect(ran.stderr).toContain('`~/.bashrc` lines 1-3: ');
    expect(box.read('.bashrc')).not.toContain(simulator.key);
    expect(box.read('.bashrc')).not.toMatch(/^export/m);
    await box.orcc(['remove', '--yes']);
    expect(box.tree()).toEqual(before);
  });

  it('exports for another address are asked about once, and their models proposed', async () => {
    const models = { OPUS: 'z-ai/glm-4.7', SONNET: 'qwen/qwen3-coder-next', HAIKU: 'z-ai/glm-4.7' };
    const lines = Object.entries(models).map(([alias, model]) => `export ANTHROPIC_DEFAULT_${alias}_MODEL=${model}\n`);
    box.write('.bashrc', `export ANTHROPIC_BASE_URL=${simulator.baseUrl}\nexport ANTHROPIC_AUTH_TOKEN=${simulator.key}\n${lines.join('')}`);
    const replies = (address: unknown): Answer[] => [
      { to: /Which address should be set up/, give: address },
      { to: /Which OpenRouter key/, give: DEFAULT },
      { to: /Which models/, give: DEFAULT },
      { to: /Comment them out/, give: DEFAULT },
      { to: /Write this/, give: 'write' },
    ];
    const ran = await box.orcc(['init', '--no-test'], { answers: replies(DEFAULT) });
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(box.settings().env).toMatchObject({
      ANTHROPIC_BASE_URL: simulator.baseUrl,
      ANTHROPIC_DEFAULT_SONNET_MODEL: models.SONNET,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: models.HAIKU,
    });
  });

  it('an address that only the environment names is no default answer: it may come from a folder', async () => {
    const ran = await box.orcc(['init', '--no-test'], {
      answers: [{ to: /Which address should be set up/, give: CTRL_C }],
      env: { ANTHROPIC_BASE_URL: 'https://elsewhere.example/api' },
    });
    expect(ran.questions[0]).toMatchObject({ preset: 'https://openrouter.ai/api' });
    expect(ran.code).toBe(130);
  });

  it('a no leaves those exports as they are, and the second run does not ask again', async () => {
    const profile = 'export ANTHROPIC_MODEL=opus\n';
    box.write('.bashrc', profile);
    const [key, models, write] = answers();
    expect((await wizard([key, models, { to: /Comment them out/, give: false }, write])).code).toBe(0);
    expect(box.read('.bashrc')).toBe(profile);
    expect((await box.orcc(['init', '--no-test'], { answers: [{ to: /And now/, give: DEFAULT }] })).code).toBe(0);
  });

  it('a key in clear above the block is offered to be moved, though the block overrides it', async () => {
    const profile = `export ANTHROPIC_AUTH_TOKEN=${simulator.key}\n`;
    box.write('.bashrc', profile);
    const [, models, write] = answers();
    const move = { to: /Move it to orcc's private folder/, give: true };
    const ran = await wizard([{ to: /Which OpenRouter key/, give: DEFAULT }, models, move, write], ['--target', 'bash']);
    expect(ran).toMatchObject({ code: 0 });
    expect(box.read('.bashrc')).not.toContain(simulator.key);
    await box.orcc(['remove', '--yes']);
    expect(box.read('.bashrc')).toBe(profile);
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

describe('a missing Claude Code', () => {
  /** Puts a program that notes its arguments in place of npm; it makes `claude` unless it is to fail. */
  function addNpm(fails = false): void {
    const npm = path.join(box.env['PATH'] ?? '', 'npm');
    const made = `printf '#!/bin/sh\\necho 2.1.332\\n' > "\${0%/*}/claude"; /bin/chmod +x "\${0%/*}/claude"`;
    writeFileSync(
      npm,
      `#!/bin/sh\necho "$@" >> "$HOME/npm-ran"\n[ -z "$OPENROUTER_API_KEY" ] || echo leaked >> "$HOME/npm-ran"\n${fails ? 'echo "npm error code EACCES" >&2; echo "npm error no right to write there" >&2; exit 1' : made}\n`,
    );
    chmodSync(npm, 0o755);
  }
  const INSTALL = { to: /Install Claude Code now, with `npm install -g @anthropic-ai\/claude-code`/, give: true };

  it('is installed with npm on a yes alone, without a key in its environment', async () => {
    addNpm();
    const ran = await wizard([{ ...INSTALL, give: false }, ...answers()]);
    expect(ran.code).toBe(0);
    expect(box.read('npm-ran')).toBeNull();
    await box.orcc(['remove', '--yes']);
    const [, ...rest] = answers();
    const again = await wizard([INSTALL, { to: /Which OpenRouter key/, give: DEFAULT }, ...rest], [], {
      OPENROUTER_API_KEY: simulator.key,
    });
    expect(again.code).toBe(0);
    expect(box.read('npm-ran')).toBe('install -g @anthropic-ai/claude-code\n');
  });

  it('is not gone on without where Ctrl-C ends npm', async () => {
    const stop = new AbortController();
    addNpm(true);
    const exec = (real: Exec): Exec => ({
      ...real,
      run: async (program, args, options) => {
        const ran = await real.run(program, args, options);
        if (!program.endsWith('/npm')) return ran;
        stop.abort();
        return { ...ran, code: null };
      },
    });
    const { code, stderr } = await box.orcc(['init', '--no-test'], { answers: [INSTALL], signal: stop.signal, exec });
    expect([code, stderr.includes('continuing')], stderr).toEqual([130, false]);
  });

  it('that can not be installed does not stop the rest, but for --install-claude', async () => {
    addNpm(true);
    const ran = await wizard([INSTALL, ...answers()]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('no right to write there');
    const failed = await initIn(box, simulator, ['--install-claude']);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('no right to write there');
  });

  it('is never installed under --yes without the flag, nor where it is there', async () => {
    addNpm();
    const run = (...more: string[]) => initIn(box, simulator, more);
    expect((await run()).code).toBe(0);
    expect(box.read('npm-ran')).toBeNull();
    expect((await run('--install-claude')).code).toBe(0);
    expect((await run('--install-claude')).code).toBe(0);
    expect(box.read('npm-ran')).toBe('install -g @anthropic-ai/claude-code\n');
  });
});

describe('bare orcc', () => {
  it('offers init on a terminal where nothing is configured', async () => {
    const before = box.traces();
    const ran = await box.orcc([], { answers: [{ to: /Set Claude Code up/, give: false }] });
    expect(ran.code).toBe(0);
    expect(box.traces()).toEqual(before);
    const yes = { to: /Set Claude Code up/, give: true };
    expect((await box.orcc([], { answers: [yes, { to: /key/, give: CTRL_C }] })).code).toBe(130);
    expect(box.traces()).toEqual(before);
  });
});
