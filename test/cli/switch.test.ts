import { describe, expect, it } from 'vitest';
import type { Ran, RunInBox } from '../support/box.ts';
import { initIn, useSetUps, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const PROFILE = '# mine\nalias ll="ls -l"\n';
const SETTINGS = '{\n\t"theme": "dark",\n\t"env": { "FOO": "1" }\n}';

/** A home with both kinds of files, set up with the guide's mapping. */
const [box, setUp] = useSetUps(async (box, args: readonly string[] = ['--target', 'bash', '--target', 'user']) => {
  box.write('.bashrc', PROFILE);
  box.write('.profile', '. "$HOME/.bashrc"\n');
  box.write('.claude/settings.json', SETTINGS, 0o644);
  expect(await initIn(box, simulator, args)).toMatchObject({ code: 0 });
});

function init(args: readonly string[], options: RunInBox = {}): Promise<Ran> {
  return initIn(box, simulator, args, options);
}

const run = (...args: string[]): Promise<Ran> => box.orcc(['switch', ...args, '--yes']);
const data = (ran: Ran): Readonly<Record<string, unknown>> => ran.json().data;
const exported = (name: string): string | undefined => new RegExp(`export ${name}='(.*)'`).exec(box.read('.bashrc') ?? '')?.[1];
const OPUS = 'ANTHROPIC_DEFAULT_OPUS_MODEL';
const SONNET = 'ANTHROPIC_DEFAULT_SONNET_MODEL';
const HAIKU = 'ANTHROPIC_DEFAULT_HAIKU_MODEL';
const FABLE = 'ANTHROPIC_DEFAULT_FABLE_MODEL';

describe('orcc switch', () => {
  it('changes one alias in every place, and nothing else of the files', async () => {
    await setUp();
    expect(await run('haiku=deepseek/deepseek-v4-flash')).toMatchObject({ code: 0 });
    expect(exported(HAIKU)).toBe('deepseek/deepseek-v4-flash');
    expect(box.settings().env).toMatchObject({ FOO: '1', [HAIKU]: 'deepseek/deepseek-v4-flash', [OPUS]: 'z-ai/glm-4.7' });
    expect(box.read('.bashrc')).toMatch(/^# mine\nalias ll="ls -l"\n/);
    expect(box.mode('.claude/settings.json')).toBe(0o600);
  });

  it.each([
    ['nothing', '', '', true],
    ['what never holds', 'if false; then\n', 'fi\n', false],
    ['a function that nobody calls', 'never() {\n', '}\n', false],
    ['a condition', 'if [ -n "$WORK" ]; then\n', 'fi\n', true],
  ])(
    'names the command that loads the block again where it may run, and warns where it never does: around it %s',
    async (_around, before, after, mayRun) => {
      await setUp(['--target', 'bash']);
      box.write('.bashrc', `${before}${box.read('.bashrc') ?? ''}${after}`);
      const ran = await run('haiku=deepseek/deepseek-v4-flash');
      expect(ran).toMatchObject({ code: 0 });
      for (const words of ['source ~/.bashrc', 'new terminal']) expect(ran.stderr.includes(words)).toBe(mayRun);
      expect(ran.stderr.includes('warning:')).toBe(!mayRun);
      expect(exported(HAIKU)).toBe('deepseek/deepseek-v4-flash');
    },
  );

  it('tells of a mapped model that has gone, and changes another alias all the same', async () => {
    await setUp(['--target', 'user', '--haiku', 'z-ai/glm-4.7-flush', '--force']);
    const ran = await run('opus=z-ai/glm-5.3');
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toMatch(/haiku -> z-ai\/glm-4\.7-flush: 127\.0\.0\.1 .*`orcc switch haiku=z-ai\/glm-4\.7-flash`/);
    expect(box.settings().env).toMatchObject({ [OPUS]: 'z-ai/glm-5.3', [HAIKU]: 'z-ai/glm-4.7-flush' });
    // One that was not mapped is refused as ever.
    expect(await run('sonnet=z-ai/glm-4.7-flosh')).toMatchObject({ code: 2 });
  });

  it('changes several at once, the default too', async () => {
    await setUp();
    const ran = await run(
      'opus=z-ai/glm-5.3',
      'haiku=deepseek/deepseek-v4-flash',
      'subagent=z-ai/glm-4.7-flash',
      '--default',
      'opus',
      '--json',
    );
    expect(ran.code).toBe(0);
    expect(data(ran)['changed']).toEqual([
      { alias: 'opus', before: 'z-ai/glm-4.7', after: 'z-ai/glm-5.3' },
      { alias: 'haiku', before: 'z-ai/glm-4.7-flash', after: 'deepseek/deepseek-v4-flash' },
      { alias: 'fable', before: 'z-ai/glm-4.7', after: 'z-ai/glm-5.3' },
      { alias: 'subagent', after: 'z-ai/glm-4.7-flash' },
      { alias: 'default', before: 'sonnet', after: 'opus' },
    ]);
    expect(box.settings().env).toMatchObject({ CLAUDE_CODE_SUBAGENT_MODEL: 'z-ai/glm-4.7-flash', ANTHROPIC_MODEL: 'opus' });
  });

  it('lets fable follow opus until it is set, and again once it is unset', async () => {
    await setUp();
    await run('opus=z-ai/glm-5.3');
    expect(exported(FABLE)).toBe('z-ai/glm-5.3');
    await run('fable=z-ai/glm-5.2');
    await run('opus=z-ai/glm-4.7');
    expect(exported(FABLE)).toBe('z-ai/glm-5.2');
    await run('fable=', 'opus=z-ai/glm-5.3');
    expect(exported(FABLE)).toBe('z-ai/glm-5.3');
  });

  it('takes a preset by its name, and shows in status where the mapping came from', async () => {
    await setUp();
    expect(await run('value')).toMatchObject({ code: 0 });
    expect(exported(OPUS)).toBe('z-ai/glm-5.3');
    expect((await box.orcc(['status'])).stdout).toMatch(/Profile +value$/m);
    await run('haiku=z-ai/glm-4.7-flash');
    expect((await box.orcc(['status'])).stdout).toMatch(/Profile +value \(changed\)$/m);
    expect(data(await box.orcc(['status', '--json']))).toMatchObject({ profile: 'value', profileChanged: true });
  });

  it('derives the limits anew', async () => {
    await setUp(['--target', 'user']);
    expect(box.settings().env['CLAUDE_CODE_MAX_CONTEXT_TOKENS']).toBe('256144');
    await run('opus=z-ai/glm-5.3');
    expect(Number(box.settings().env['CLAUDE_CODE_MAX_CONTEXT_TOKENS'])).toBeGreaterThan(1_000_000);
    expect(box.settings().env['CLAUDE_CODE_DISABLE_1M_CONTEXT']).toBeUndefined();
  });

  it('writes nothing where nothing changes', async () => {
    await setUp();
    const before = box.traces();
    const ran = await run('opus=z-ai/glm-4.7', '--json');
    expect(data(ran)['kind']).toBe('unchanged');
    expect(box.traces()).toEqual(before);
  });

  it('writes nothing under --dry-run and shows the difference', async () => {
    await setUp();
    const before = box.traces();
    const ran = await box.orcc(['switch', 'haiku=deepseek/deepseek-v4-flash', '--dry-run']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/-.*glm-4\.7-flash[^]*\+.*deepseek-v4-flash/);
    expect(ran.stderr).toMatch(/haiku: .*glm-4\.7-flash -> .*deepseek-v4-flash, \$\S+\/\$\S+ -> \$\S+\/\$\S+ per/);
    expect(ran.stdout + ran.stderr).not.toContain(simulator.key);
    expect(box.traces()).toEqual(before);
  });

  it('says what must be reloaded', async () => {
    await setUp();
    expect((await run('value')).stderr).toContain('source ~/.bashrc');
  });

  it('asks on a terminal, and a no leaves every file as it was', async () => {
    await setUp();
    const before = box.tree();
    const ran = await box.orcc(['switch', 'value'], { answers: [{ to: /Switch/, give: false }] });
    expect(ran.code).toBe(7);
    expect(box.tree()).toEqual(before);
  });

  it('offers own profiles by name, and remembers which was picked', async () => {
    await setUp();
    await box.orcc(['profile', 'save', 'work']);
    await run('value');
    const ran = await box.orcc(['switch'], {
      answers: [
        { to: /Switch to what/, give: 'profile:work' },
        { to: /Switch\?/, give: true },
      ],
    });
    expect(ran.code).toBe(0);
    expect((JSON.parse((await box.orcc(['status', '--json'])).stdout) as { data: { profile: string } }).data.profile).toBe('work');
  });

  it('says of a value once who wins with it: a local file, not the project below it', async () => {
    await setUp(['--target', 'bash']);
    box.writeHere('.claude/settings.json', '{"env": {"ANTHROPIC_MODEL": "haiku"}}');
    box.writeHere('.claude/settings.local.json', '{"env": {"ANTHROPIC_MODEL": "opus"}}');
    const { stderr } = await run('value');
    expect(stderr.match(/\bANTHROPIC_MODEL=.*/g)).toEqual([
      expect.stringMatching(/^ANTHROPIC_MODEL=opus \(\S*\/settings\.local\.json:1\)/),
    ]);
  });

  it.each(['bash', 'user'])("warns of a folder's base URL, which wins over what it writes to %s", async (target) => {
    await setUp(['--target', target]);
    box.writeHere('.claude/settings.json', '{"env": {"ANTHROPIC_BASE_URL": "https://evil.example/api"}}');
    expect((await run('value')).stderr).toMatch(/warning: .*ANTHROPIC_BASE_URL=https:\/\/evil\.example/);
  });

  it('takes two answers to change one alias, and names the present mapping, each alias and Anthropic', async () => {
    await setUp();
    const ran = await box.orcc(['switch'], {
      answers: [
        { to: /Switch to what/, give: 'haiku' },
        { to: /Model for haiku, quick helper calls/, give: ['flash <1 deepseek', 'deepseek/deepseek-v4-flash'] },
        { to: /Switch\?/, give: true },
      ],
    });
    expect(ran.code).toBe(0);
    const [first, second] = ran.questions;
    expect(first?.preset).toBe('now');
    // A known one is described as in every list of them.
    expect(first?.choices[0]).toMatchObject({
      name: expect.stringContaining('guide (now)') as string,
      description: expect.stringMatching(/as of[^]*opus +z-ai/) as string,
    });
    expect(first?.choices.map(({ value }) => value)).toEqual([
      'now',
      ...['value', 'anthropic', 'free'].map((name) => `preset:${name}`),
      ...['opus', 'sonnet', 'haiku', 'fable', 'subagent'],
      'native',
    ]);
    expect(second?.choices[0]?.name).toContain('z-ai/glm-4.7-flash (now)');
    expect(exported('ANTHROPIC_DEFAULT_HAIKU_MODEL')).toBe('deepseek/deepseek-v4-flash');
  });

  it('asks for the model of an alias that stands alone, and takes a slug that one author has', async () => {
    await setUp();
    const asked = [
      { to: /Model for haiku/, give: 'deepseek/deepseek-v4-flash' },
      { to: /Switch\?/, give: true },
    ];
    expect((await box.orcc(['switch', 'haiku'], { answers: asked })).code).toBe(0);
    expect(exported('ANTHROPIC_DEFAULT_HAIKU_MODEL')).toBe('deepseek/deepseek-v4-flash');
    expect((await run('HAIKU=glm-4.7-flash')).code).toBe(0);
    expect(exported('ANTHROPIC_DEFAULT_HAIKU_MODEL')).toBe('z-ai/glm-4.7-flash');
    expect((await run('haiku')).code).toBe(2);
  });

  it('goes to Anthropic and back from the list', async () => {
    await setUp();
    const pick = (give: string, question: RegExp) => ({
      answers: [
        { to: /Switch to what/, give },
        { to: question, give: true },
      ],
    });
    expect((await box.orcc(['switch'], pick('native', /back to Anthropic/))).code).toBe(0);
    expect(box.read('.bashrc') ?? '').not.toContain('ANTHROPIC_BASE_URL');
    const back = await box.orcc(['switch'], pick('now', /Switch\?/));
    expect(back.code).toBe(0);
    expect(back.questions[0]?.choices[0]).toMatchObject({ value: 'now', name: expect.stringContaining('OpenRouter') as string });
    expect(back.questions[0]?.choices.map(({ value }) => value)).not.toContain('native');
    expect(exported(SONNET)).toBe('qwen/qwen3-coder-next');
  });

  it('offers a pick on a terminal where nothing was said', async () => {
    await setUp();
    const ran = await box.orcc(['switch'], {
      answers: [
        { to: /Switch to what/, give: 'preset:value' },
        { to: /Switch\?/, give: true },
      ],
    });
    expect(ran.code).toBe(0);
    expect(exported('ANTHROPIC_MODEL')).toBe('sonnet');
    expect(exported(SONNET)).toBe('deepseek/deepseek-v4-flash-0731');
  });
});

describe('orcc switch with an unknown model', () => {
  it('stops with the nearest ids and writes nothing', async () => {
    await setUp();
    const before = box.traces();
    const ran = await run('haiku=deepseek/deepseek-v4-flahs');
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('`deepseek/deepseek-v4-flash`');
    expect(box.traces()).toEqual(before);
  });

  it('takes it under --force', async () => {
    await setUp();
    expect(await run('haiku=acme/my-own', '--force')).toMatchObject({ code: 0 });
    expect(exported(HAIKU)).toBe('acme/my-own');
  });

  it('takes a preset that the account has, and none that it has not', async () => {
    await setUp();
    expect(await run('haiku=@preset/mine')).toMatchObject({ code: 2, stderr: expect.stringContaining('PRESET_MISSING') });
    expect(await run('haiku=@preset/cheap')).toMatchObject({ code: 0 });
    expect(exported(HAIKU)).toBe('@preset/cheap');
  });

  it('warns of one that serves badly and goes on', async () => {
    await setUp();
    const ran = await run('haiku=perplexity/sonar-pro');
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('warning: haiku -> perplexity/sonar-pro');
  });
});

describe('orcc switch without a network', () => {
  const offline: RunInBox = {
    http: () => ({ request: () => Promise.reject(new Error('nobody must be called')), proxyFor: () => undefined }),
  };

  it('checks against the cache under --offline and calls nobody', async () => {
    await setUp();
    expect(await box.orcc(['switch', 'haiku=deepseek/deepseek-v4-flash', '--yes', '--offline'], offline)).toMatchObject({ code: 0 });
    expect((await box.orcc(['switch', 'haiku=deepseek/deepseek-v4-flahs', '--yes', '--offline'], offline)).code).toBe(2);
  });

  it('goes on with the cache and a warning where the gateway is down', async () => {
    await setUp();
    const day = 24 * 3_600_000;
    const cache = JSON.parse(box.read('.config/orcc/cache/models.json') ?? '');
    box.write('.config/orcc/cache/models.json', JSON.stringify({ ...cache, asOf: cache.asOf - 3 * day }), 0o600);
    simulator.setFaults([{ code: 'html', path: '*' }]);
    const ran = await run('haiku=deepseek/deepseek-v4-flash');
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('warning:');
    expect(exported(HAIKU)).toBe('deepseek/deepseek-v4-flash');
    expect((await run('haiku=deepseek/deepseek-v4-flahs')).code).toBe(2);
  });

  it('takes the built-in list, and says so, where there is no cache either', async () => {
    await setUp();
    box.write('.config/orcc/cache/models.json', 'damaged', 0o600);
    const ran = await box.orcc(['switch', 'haiku=acme/unheard-of', '--yes', '--offline'], offline);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^warning: haiku -> acme\/unheard-of: /m);
  });
});

describe('orcc switch --test', () => {
  it('tests what changed, and that alone', async () => {
    await setUp();
    const before = simulator.requests.length;
    const ran = await run('haiku=deepseek/deepseek-v4-flash', '--test', '--json');
    expect(ran.code).toBe(0);
    const models = simulator.requests
      .slice(before)
      .filter((request) => request.url.includes('/messages'))
      .map((request) => JSON.stringify(request.body).match(/"model":"([^"]*)"/)?.[1]);
    expect(new Set(models)).toEqual(new Set(['deepseek/deepseek-v4-flash']));
    expect(data(ran)['test']).not.toBeNull();
  });

  it.each([
    // Its cap becomes everyone's, in this very switch. Its window is too small for Claude Code's first request.
    ['qwen/qwen-2.5-72b-instruct', '16384', 16_384, ['MODEL_UNSUITED']],
    // Claude Code knows it and asks for less by itself.
    ['anthropic/claude-3-haiku', '32000', 4096, []],
  ])('asks %s for as many tokens as Claude Code would after the switch', async (model, variable, asked, findings) => {
    await setUp();
    const before = simulator.requests.length;
    const ran = await run(`haiku=${model}`, '--test', '--json');
    expect([ran.code, ran.codes()]).toEqual([0, findings]);
    expect(exported('CLAUDE_CODE_MAX_OUTPUT_TOKENS')).toBe(variable);
    const calls = simulator.requests.slice(before).filter((request) => request.url.includes('/messages'));
    expect(calls.length).toBeGreaterThan(0);
    for (const { body } of calls) expect(body).toMatchObject({ model, max_tokens: asked });
  });

  it('is exit 1 where it fails; the files stay', async () => {
    await setUp();
    simulator.setFaults([{ code: 'NO_CREDITS', model: 'deepseek/deepseek-v4-flash' }]);
    const ran = await run('haiku=deepseek/deepseek-v4-flash', '--test', '--json');
    expect(ran.code).toBe(1);
    expect(exported(HAIKU)).toBe('deepseek/deepseek-v4-flash');
  });
});

describe('orcc switch --native and --back', () => {
  it('take our variables out of the machine’s targets and bring them in again', async () => {
    await setUp(['--target', 'bash', '--target', 'user', '--no-auto-mode']);
    await run('haiku=deepseek/deepseek-v4-flash');
    const before = { profile: box.read('.bashrc'), settings: box.read('.claude/settings.json') };
    const ran = await box.orcc(['switch', '--native', '--yes'], {
      env: { ANTHROPIC_BASE_URL: simulator.baseUrl, ANTHROPIC_MODEL: 'sonnet' },
    });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/unset ANTHROPIC_BASE_URL.*ANTHROPIC_MODEL/);
    expect(box.read('.bashrc')).toBe(PROFILE);
    expect(box.read('.claude/settings.json')).toBe(SETTINGS);
    expect(box.mode('.claude/settings.json')).toBe(0o644);
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
    expect((await box.orcc(['status'])).stdout).toContain('--back');
    expect(await run('--back')).toMatchObject({ code: 0 });
    expect({ profile: box.read('.bashrc'), settings: box.read('.claude/settings.json') }).toEqual(before);
    expect(box.mode('.claude/settings.json')).toBe(0o600);
  });

  it('keep a mapping that is changed in between for --back', async () => {
    await setUp();
    await run('--native');
    expect(await run('value')).toMatchObject({ code: 0 });
    expect(box.read('.bashrc')).toBe(PROFILE);
    await run('--back');
    expect(exported(OPUS)).toBe('z-ai/glm-5.3');
  });

  it('can each be said twice', async () => {
    await setUp();
    await run('--native');
    const native = box.traces();
    expect(await run('--native')).toMatchObject({ code: 0 });
    expect(box.traces()).toEqual(native);
    expect((await run('--back')).stderr).toContain('No images');
    const back = box.traces();
    const again = await run('--back');
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('`--native`') as string });
    expect(again.stderr).not.toContain('No images');
    expect(box.traces()).toEqual(back);
  });

  it.each(['--back guide', 'guide'])('say that a name is recorded where nothing else changes: %s', async (words) => {
    await setUp();
    const args = words.split(' ');
    const ran = await run(...args);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('; orcc now calls the mapping guide') as string });
    expect(box.read('.config/orcc/config.json')).toContain('"activeProfile": "guide"');
    expect((await run(...args)).stderr).not.toContain('now calls');
  });

  it('leave nothing behind after remove', async () => {
    box.write('.bashrc', PROFILE);
    const before = box.tree();
    await init(['--target', 'bash', '--target', 'user']);
    await run('--native');
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(before);
  });
});

describe('someone else’s values', () => {
  const FOREIGN = '{\n  "env": {\n    "ANTHROPIC_MODEL": "opus",\n    "ANTHROPIC_BASE_URL" : "https://proxy.example"\n  }\n}\n';

  it('are never replaced under --yes: exit 6, naming them', async () => {
    box.write('.claude/settings.json', FOREIGN);
    const before = box.traces();
    const ran = await init(['--target', 'user']);
    expect(ran.code).toBe(6);
    expect(ran.stderr).toMatch(/ANTHROPIC_BASE_URL.*ANTHROPIC_MODEL|ANTHROPIC_MODEL.*ANTHROPIC_BASE_URL/s);
    expect(ran.stderr).toContain('--replace');
    expect(box.traces()).toEqual(before);
  });

  it('give way under --replace and come back byte for byte with remove', async () => {
    box.write('.claude/settings.json', FOREIGN, 0o640);
    const before = box.tree();
    expect(await init(['--target', 'user', '--replace'])).toMatchObject({ code: 0 });
    expect(box.settings().env['ANTHROPIC_MODEL']).toBe('sonnet');
    await run('haiku=deepseek/deepseek-v4-flash');
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(before);
  });

  it('in user settings stop a shell target, which they would beat; --replace writes there too', async () => {
    box.write('.claude/settings.json', FOREIGN);
    const before = box.tree();
    const ran = await init(['--target', 'bash']);
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain('SETTINGS_OVERRIDE');
    expect(box.tree()).toEqual(before);
    expect(await init(['--target', 'bash', '--replace'])).toMatchObject({ code: 0 });
    expect(box.settings().env['ANTHROPIC_BASE_URL']).toBe(simulator.baseUrl);
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(before);
  });

  it('exported by hand after the block stop it; --adopt comments them out, remove restores them', async () => {
    box.write('.bashrc', `${PROFILE}export ANTHROPIC_MODEL=opus\nexport ANTHROPIC_API_KEY="sk-ant-api03-mine"   # work\n`);
    box.write('.bash_aliases', 'export ANTHROPIC_BASE_URL=https://proxy.example\n');
    box.write('.bashrc', `${box.read('.bashrc') ?? ''}. ~/.bash_aliases\n`);
    const before = box.tree();
    const edit = (box.read('.bashrc') ?? '').replace('# mine\n', '# mine\ncase $- in *i*) ;; *) return ;; esac\n');
    box.write('.bashrc', edit);
    const guarded = box.tree();
    expect(guarded).not.toEqual(before);
    const ran = await init(['--target', 'bash']);
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain('FOREIGN_EXPORT');
    expect(ran.stderr).toContain('ANTHROPIC_MODEL');
    expect(ran.stderr).not.toContain('sk-ant-api03-mine');
    expect(box.tree()).toEqual(guarded);
    expect(await init(['--target', 'bash', '--adopt'])).toMatchObject({ code: 0 });
    expect(box.read('.bashrc')).not.toMatch(/^export ANTHROPIC_(MODEL|API_KEY)=[^']/m);
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(box.tree()).toEqual(guarded);
  });

  it('that win over a switch are said, with their place, and left alone', async () => {
    await setUp(['--target', 'bash']);
    box.writeHere('.claude/settings.json', '{"env": {"ANTHROPIC_MODEL": "haiku"}}');
    box.write('.claude/settings.json', '{"env": {"ANTHROPIC_DEFAULT_OPUS_MODEL": "acme/mine"}}');
    box.write('.bashrc', `${box.read('.bashrc') ?? ''}export ANTHROPIC_DEFAULT_HAIKU_MODEL=acme/tiny\n`);
    const ran = await run('value');
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/warning: .*ANTHROPIC_MODEL=haiku/);
    expect(ran.stderr).toMatch(/warning: .*ANTHROPIC_DEFAULT_OPUS_MODEL=acme\/mine \(~\/\.claude\/settings\.json:1\)/);
    expect(ran.stderr).toMatch(/warning: .*~\/\.bashrc:\d+ sets ANTHROPIC_DEFAULT_HAIKU_MODEL/);
    expect(box.settings().env).toEqual({ ANTHROPIC_DEFAULT_OPUS_MODEL: 'acme/mine' });
  });

  it('changed by hand since orcc wrote them stop a switch; --force goes on', async () => {
    await setUp();
    box.write(
      '.claude/settings.json',
      (box.read('.claude/settings.json') ?? '').replace('"ANTHROPIC_MODEL": "sonnet"', '"ANTHROPIC_MODEL": "haiku"'),
      0o600,
    );
    const before = box.tree();
    const ran = await run('--default', 'opus');
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain('ANTHROPIC_MODEL');
    expect(box.tree()).toEqual(before);
    expect(await run('--default', 'opus', '--force')).toMatchObject({ code: 0 });
    expect(box.settings().env['ANTHROPIC_MODEL']).toBe('opus');
  });
});

describe('what a shell profile can not hold', () => {
  it('is noted where it goes to user settings, and not beside a refusal to write there', async () => {
    await setUp(['--target', 'bash']);
    box.write('.claude/settings.json', '{ x');
    const refused = await run('--effort', 'opus=high');
    expect([refused.code, refused.stderr.includes('note:')]).toEqual([6, false]);
    box.write('.claude/settings.json', '{}');
    const made = await run('--effort', 'opus=high');
    expect([made.code, made.stderr.includes('note:')]).toEqual([0, true]);
  });
});

describe('before there is anything to switch', () => {
  it('is exit 3', async () => {
    const before = box.traces();
    expect((await run('value')).code).toBe(3);
    expect((await run('--native')).code).toBe(3);
    expect(box.traces()).toEqual(before);
  });
});
