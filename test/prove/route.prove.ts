import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { claudeNeeds, olderClaude, olderClaudeNeeds, QUIET, type Realm, type RealmHome } from '../support/realm.ts';
import { openTmux, type Tmux } from '../support/tmux.ts';
import { type Asked } from '../support/witness.ts';
import { makeKnownHome, setUpIn, useRealm, useSimulation, useWitness } from '../support/stage.ts';

const RULES = { zdr: true, data_collection: 'deny', max_price: { prompt: '9', completion: '20' } };
const FLAGS = ['--zdr', '--no-training', '--max-price', '9/20'];

describe.skipIf(claudeNeeds({ program: 'tmux' }))('what stands beside the mapping, with the real Claude Code', () => {
  const realm = useRealm();
  const simulation = useSimulation(realm);
  const witness = useWitness(realm, simulation);
  let tmux: Tmux | undefined;
  afterEach(async () => {
    await tmux?.kill();
    tmux = undefined;
  });

  const orcc = async (box: RealmHome, ...args: readonly string[]): Promise<void> => {
    const { code, stderr } = await realm.run('orcc', [...args, '--yes'], { env: box.env, cwd: box.cwd });
    expect(code, stderr).toBe(0);
  };

  const init = (target: string): Promise<RealmHome> =>
    setUpIn(realm, witness, ['--no-auto-mode', '--target', target], makeKnownHome(realm));

  const asked = (): readonly Asked[] => witness.takeAsked().filter((each) => !each.path.includes('count_tokens'));
  const claude = (box: RealmHome, words: string): ReturnType<Realm['run']> =>
    realm.run('bash', ['-ic', words], { env: { ...box.env, ...QUIET }, cwd: box.cwd, input: '' });

  it.each(['bash', 'user'])('every request carries exactly the rules (%s): -p, a session, a subagent', async (target) => {
    const box = await init(target);
    await orcc(box, 'route', ...FLAGS);
    witness.takeAsked();
    expect(await claude(box, 'claude -p hi')).toMatchObject({ code: 0 });
    const printed = asked();
    expect(printed.map(({ provider, status }) => [provider, status])).toEqual(printed.map(() => [RULES, 200]));
    expect(printed.length).toBeGreaterThan(0);
    tmux = await openTmux(realm, ['bash'], { ...box.env, ...QUIET, HISTFILE: '/dev/null' }, box.cwd);
    await tmux.type('claude');
    await tmux.press('Enter');
    await tmux.waitFor(/mode on|\? for shortcuts/, 60_000);
    await tmux.type('agent: say hello');
    await tmux.waitFor('agent: say hello');
    await tmux.press('Enter');
    await tmux.waitFor(/Agent "Ask a subagent" finished|answered: Hello from/, 60_000);
    const spoken = asked();
    expect(spoken.length).toBeGreaterThanOrEqual(2);
    expect(spoken.map(({ provider, status }) => [provider, status])).toEqual(spoken.map(() => [RULES, 200]));
    expect(simulation.problems()).toEqual([]);
  });

  // Without retries Claude Code gives up at a 400 before it looks at its fallbacks (2.1.332).
  const { CLAUDE_CODE_MAX_RETRIES: _none, ...RETRYING } = QUIET;

  it('a fallback answers within 3 s where the first model has no provider', async () => {
    const box = await init('user');
    await orcc(box, 'switch', '--fallback', 'haiku');
    const file = path.join(box.home, '.claude', 'settings.json');
    const begun = Date.now();
    expect(await claude(box, 'claude -p hi')).toMatchObject({ code: 0 });
    const plain = Date.now() - begun;
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"qwen/qwen3-coder-next"', '"no/such-model"'));
    witness.takeAsked();
    const started = Date.now();
    const ran = await realm.run('bash', ['-ic', 'claude -p hi'], { env: { ...box.env, ...RETRYING }, cwd: box.cwd, input: '' });
    const took = Date.now() - started;
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain('Hello from the simulator');
    const models = asked().map(({ model, status }) => [model, status]);
    console.log(`fallback: ${JSON.stringify(models)} in ${String(took)} ms, where an answer of the first model takes ${String(plain)}`);
    // On a busy machine all of it takes longer.
    expect(took - plain).toBeLessThan(Math.max(3000, plain));
    expect(models.at(0)).toEqual(['no/such-model', 400]);
    expect(models.at(-1)).toEqual(['z-ai/glm-4.7-flash', 200]);
  });

  it('`test --fallback --via claude` starts the client on a model that nobody has, and sees who answers', async () => {
    const box = await init('user');
    await orcc(box, 'switch', '--fallback', 'haiku');
    witness.takeAsked();
    const { code, stdout } = await realm.run('orcc', ['test', '--fallback', '--via', 'claude', '--json'], {
      env: box.env,
      cwd: box.cwd,
      timeout: 120_000,
    });
    expect(code, stdout).toBe(0);
    const { aliases } = (JSON.parse(stdout) as { data: { aliases: { alias: string; client: { servedModel: string } }[] } }).data;
    expect(aliases).toMatchObject([
      { alias: 'fallback', client: { verdict: 'ok', servedModel: expect.stringMatching(/^z-ai\/glm-4\.7-flash/) } },
    ]);
    const models = asked().map(({ model }) => model);
    expect(models).toContain('orcc/no-such-model');
    expect(new Set(models)).toEqual(new Set(['orcc/no-such-model', 'z-ai/glm-4.7-flash']));
  });

  it('each model is asked with its own effort, and unset asks for none', async () => {
    const box = await init('user');
    await orcc(box, 'switch', '--effort', 'sonnet=low,opus=xhigh');
    witness.takeAsked();
    await claude(box, 'claude -p hi');
    await claude(box, 'claude -p hi --model opus');
    expect(asked().map(({ model, effort }) => [model, effort])).toEqual([
      ['qwen/qwen3-coder-next', 'low'],
      ['z-ai/glm-4.7', 'xhigh'],
    ]);
    await orcc(box, 'switch', '--effort', 'unset');
    await claude(box, 'claude -p hi');
    expect(asked().map(({ effort }) => effort)).toEqual([undefined]);
  });

  it('an effort for all models wins over that of one, and a folder’s over the user’s', async () => {
    const box = await init('user');
    await orcc(box, 'switch', '--effort', 'sonnet=low');
    mkdirSync(path.join(box.cwd, '.claude'));
    const local = path.join(box.cwd, '.claude', 'settings.local.json');
    writeFileSync(local, JSON.stringify({ modelSettings: { 'qwen/qwen3-coder-next': { effortLevel: 'xhigh' } } }));
    witness.takeAsked();
    await claude(box, 'claude -p hi');
    await orcc(box, 'switch', '--effort', 'high');
    await claude(box, 'claude -p hi');
    expect(asked().map(({ effort }) => effort)).toEqual(['xhigh', 'high']);
    rmSync(local);
    await orcc(box, 'switch', '--effort', 'opus=low');
    await claude(box, 'claude -p hi');
    await claude(box, 'claude -p hi --model opus');
    expect(asked().map(({ effort }) => effort)).toEqual(['high', 'low']);
    await orcc(box, 'switch', '--effort', 'high');
    await orcc(box, 'switch', '--here', '--effort', 'opus=low');
    await claude(box, 'claude -p hi');
    await claude(box, 'claude -p hi --model opus');
    expect(asked().map(({ effort }) => effort)).toEqual(['high', 'low']);
  });

  it("auto mode's check goes to the model that was named, which lets the command run", async () => {
    const box = await init('user');
    await orcc(box, 'switch', '--auto-mode-model', 'z-ai/glm-5.3');
    witness.takeAsked();
    const ran = await claude(box, 'claude -p --permission-mode auto \'run: python3 -c "open(chr(120), chr(119))"\'');
    expect(ran).toMatchObject({ code: 0 });
    const checks = asked().filter(({ model }) => model === 'z-ai/glm-5.3');
    console.log(`auto mode: ${JSON.stringify(checks.map(({ bytes, status }) => [bytes, status]))}`);
    expect(checks.map(({ status }) => status)).toEqual([200]);
    expect(checks[0]?.bytes).toBeGreaterThan(100_000);
    expect(existsSync(path.join(box.cwd, 'x'))).toBe(true);
  });

  it('`run` gives each session an id of its own beside the rules', async () => {
    const box = await init('user');
    await orcc(box, 'route', ...FLAGS);
    witness.takeAsked();
    const run = (): ReturnType<Realm['run']> =>
      realm.run('orcc', ['run', '--', '-p', 'hi'], { env: { ...box.env, ...QUIET }, cwd: box.cwd, input: '', timeout: 60_000 });
    expect(await run()).toMatchObject({ code: 0 });
    expect(await run()).toMatchObject({ code: 0 });
    const [first, second] = asked();
    expect([first?.provider, second?.provider]).toEqual([RULES, RULES]);
    expect(first?.sessionId).toMatch(/^orcc-[0-9a-f]{24}$/);
    expect(second?.sessionId).not.toBe(first?.sessionId);
  });

  it.each([
    ['newest', 'user', 2],
    // Before 2.1.246 it knows the one row that a variable names.
    ['2.1.231', 'user', 1],
    ['2.1.212', 'bash', 1],
  ])('pinned models have a row in /model, with name and price (%s, %s)', async (version, target, rows) => {
    const older = version === 'newest' ? undefined : olderClaude(version);
    if (version !== 'newest' && olderClaudeNeeds(version) !== undefined) return;
    const box = await init(target);
    const open = async (): Promise<string> => {
      const start = older === undefined ? 'claude' : `'${older}'`;
      tmux = await openTmux(realm, ['bash'], { ...box.env, ...QUIET, HISTFILE: '/dev/null' }, box.cwd);
      await tmux.type(start);
      await tmux.press('Enter');
      await tmux.waitFor(/mode on|\? for shortcuts/, 60_000);
      await tmux.type('/model');
      await tmux.waitFor('/model');
      await tmux.press('Enter');
      await tmux.waitFor(/Select model/, 60_000);
      const screen = await tmux.visible();
      await tmux.kill();
      tmux = undefined;
      return screen;
    };
    const before = await open();
    await orcc(box, 'models', 'pin', 'z-ai/glm-5.3', 'minimax/minimax-m3');
    const after = await open();
    console.log(`${version}, before:\n${before}\nafter:\n${after}`);
    expect(before).not.toContain('GLM 5.3');
    expect(after).toMatch(/GLM 5\.3\s+.*1M, \$0\.84 in, \$2\.64 out/);
    // A model that both name has one row.
    expect(after.match(/^.*(?:GLM 5\.3|MiniMax M3) .* per M/gm)).toHaveLength(rows);
  });
});
