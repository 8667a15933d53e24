import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ORCC_BIN, runProgram, type RunResult } from '../support/sandbox.ts';
import { answerLine, writeTranscript, type Wanted } from '../support/transcripts.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const SESSION = 'aaaaaaaa-0000-4000-8000-000000000000';
const box = useBox();

const GLM = { input: 1000, output: 100 } as const;
const write = (name: string, ...answers: readonly Wanted[]): string =>
  writeTranscript(
    box.at('.claude'),
    name,
    answers.map((each) => answerLine({ at: new Date().toISOString(), ...GLM, ...each })),
  );
const own = (): string => box.at(`.claude/projects/-code/${SESSION}.jsonl`);

/** As Claude Code 2.1.332 hands it over. */
const given = (more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    session_id: SESSION,
    transcript_path: own(),
    cwd: box.cwd,
    model: { id: 'z-ai/glm-4.7', display_name: 'z-ai/glm-4.7' },
    cost: { total_cost_usd: 0.46 },
    context_window: {
      total_input_tokens: 20_276,
      context_window_size: 256_144,
      current_usage: { input_tokens: 276, output_tokens: 9, cache_creation_input_tokens: 0, cache_read_input_tokens: 20_000 },
    },
    prompt_cache: { hit_ratio: 0.439 },
    ...more,
  });
const line = async (input: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<string> => {
  const { code, stdout, stderr } = await box.bin(['statusline', ...args], {
    input,
    env: { ...box.env, ANTHROPIC_BASE_URL: simulator.baseUrl, ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7', ...env },
  });
  expect([code, stderr]).toEqual([0, '']);
  return stdout.trimEnd();
};
const ledger = (): string => box.at('.config/orcc/cache/statusline.json');

describe('orcc statusline', () => {
  beforeEach(async () => {
    await initIn(box, simulator, ['--target', 'user']);
    await box.orcc(['usage']);
    write(`-code/${SESSION}.jsonl`, {}, {});
  });

  it('tells alias, model, provider, context of the real window, cache, true cost, and what is left of the key', async () => {
    write('-other/11111111-0000-4000-8000-000000000000.jsonl', { session: '11111111-0000-4000-8000-000000000000' });
    expect(await line(given())).toBe(
      'opus z-ai/glm-4.7 · Z.AI · 10% of 205K · cache 44% · $0.00164 · $0.00246 today · $18.50 left less than a minute ago',
    );
  });

  it('leaves nothing that `orcc remove` does not know', async () => {
    await line(given());
    expect(Object.keys(box.tree()).filter((name) => /cache\/(?:statusline|key-figures)\.json$/.test(name))).toHaveLength(2);
    const { code, stdout, stderr } = await box.orcc(['remove', '--yes']);
    expect([code, `${stdout}${stderr}`.includes('left:')]).toEqual([0, false]);
    expect(Object.keys(box.tree()).filter((name) => name.includes('.config'))).toEqual([]);
  });

  it('goes on where it stopped, and counts each answer once, whatever its lines', async () => {
    await line(given());
    const { mtimeMs } = { mtimeMs: readFileSync(ledger(), 'utf8') };
    expect(await line(given(), ['--format', '{session}'])).toBe('$0.00164');
    expect(readFileSync(ledger(), 'utf8')).toBe(mtimeMs);
    const half = answerLine({ at: new Date().toISOString(), ...GLM, id: 'gen-x', output: 1 });
    appendFileSync(own(), half.slice(0, 200));
    expect(await line(given(), ['--format', '{session}'])).toBe('$0.00164');
    appendFileSync(own(), `${half.slice(200)}\n`);
    expect(await line(given(), ['--format', '{session}'])).toBe('$0.00224');
    appendFileSync(own(), `${answerLine({ at: new Date().toISOString(), ...GLM, id: 'gen-x' })}\n`);
    expect(await line(given(), ['--format', '{session}'])).toBe('$0.00246');
  });

  it('counts the subagents of the session, and not the copies in a fork of it', async () => {
    write(`-code/${SESSION}/subagents/agent-a.jsonl`, { more: { isSidechain: true } });
    const fork = '22222222-0000-4000-8000-000000000000';
    write(`-code/${fork}.jsonl`, { session: fork, id: 'gen-copy', more: { requestSessionId: SESSION } }, { session: fork });
    expect(await line(given(), ['--format', '{session} {today}'])).toBe('$0.00246 $0.00328');
  });

  it('counts what several files hold once: the first answer of a forked subagent, and copies that an older version calls its own', async () => {
    write(`-code/${SESSION}.jsonl`, { id: 'gen-parent' }, {});
    write(`-code/${SESSION}/subagents/agent-a.jsonl`, { id: 'gen-parent', more: { isSidechain: true } }, { more: { isSidechain: true } });
    write(`-code/${SESSION}/subagents/workflows/run-1/agent-b.jsonl`, { more: { isSidechain: true } });
    const resumed = '22222222-0000-4000-8000-000000000000';
    write(`-code/${resumed}.jsonl`, { session: resumed, id: 'gen-parent' }, { session: resumed });
    expect(await line(given(), ['--format', '{session} {today}'])).toBe('$0.00328 $0.0041');
    expect(await line(given(), ['--format', '{session} {today}'])).toBe('$0.00328 $0.0041');
  });

  it('adds up the day of hundreds of sessions, those with Anthropic itself and those that it may not read left out', async () => {
    const name = (index: number): string => `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;
    for (let index = 0; index < 400; index += 1) write(`-more/${name(index)}.jsonl`, { session: name(index) });
    const native = {
      session: name(401),
      id: 'msg_01',
      provider: null,
      model: 'claude-opus-5-5',
      requested: 'claude-opus-5-5',
      input: 900_000,
    };
    write(`-more/${name(401)}.jsonl`, native);
    symlinkSync('loop.jsonl', box.at('.claude/projects/-more/loop.jsonl'));
    const dayOf402 = `$${(402 * 0.00082).toFixed(2)}`;
    for (let call = 0; call < 3; call += 1) expect(await line(given(), ['--format', '{session} {today}'])).toBe(`$0.00164 ${dayOf402}`);
  });

  it('starts anew where a transcript was replaced, the ledger is damaged, or the day is another', async () => {
    await line(given());
    renameSync(own(), `${own()}.old`);
    write(`-code/${SESSION}.jsonl`, {});
    expect(await line(given(), ['--format', '{session}'])).toBe('$0.00082');
    for (const text of ['', '{', '[]', '{"version":1,"files":{"a":{"offset":"x"}}}', '\0\0']) {
      writeFileSync(ledger(), text);
      expect(await line(given(), ['--format', '{session}']), text).toBe('$0.00082');
    }
    const damages: readonly (readonly [RegExp, string])[] = [
      [/"offset":\d+/, '"offset":-7'],
      [/"offset":\d+/, '"offset":10.5'],
      [/"cost":\d+/, '"cost":1e999'],
      [/"recent":\[\[[^\]]*\]/, '"recent":[null'],
      [/"windows":\{[^}]*\}/, '"windows":{"z-ai/glm-4.7":-5}'],
      [/"input":\d+/, '"input":"x"'],
    ];
    const whole = readFileSync(ledger(), 'utf8');
    for (const [what, damage] of damages) {
      expect(whole).toMatch(what);
      writeFileSync(ledger(), whole.replace(what, damage));
      expect(await line(given(), ['--format', '{session} {context}']), damage).toBe('$0.00082 10%');
    }
    writeFileSync(ledger(), readFileSync(ledger(), 'utf8').replace(/"day":"[^"]*"/, '"day":"2020-01-01"'));
    expect(await line(given(), ['--format', '{session} {today}'])).toBe('$0.00082 $0.00');
  });

  it('counts the day anew where the clock was set back, and looks for other sessions whatever it noted about the time', async () => {
    await line(given());
    const note = readFileSync(ledger(), 'utf8');
    const other = '11111111-0000-4000-8000-000000000000';
    write(`-other/${other}.jsonl`, { session: other });
    writeFileSync(ledger(), note.replace(/"looked":\d+/, `"looked":${String(Date.now() + 86_400_000)}`));
    expect(await line(given(), ['--format', '{session} {today}'])).toBe('$0.00164 $0.00246');
    writeFileSync(ledger(), note.replace(/"day":"[^"]*"/, '"day":"2999-01-01"'));
    expect(await line(given(), ['--format', '{session} {today}'])).toBe('$0.00164 $0.00246');
    // Answers that a clock wrote which was ahead are the session's, and not of today.
    renameSync(own(), `${own()}.old`);
    const ahead = new Date(Date.now() + 3 * 86_400_000).toISOString();
    write(`-code/${SESSION}.jsonl`, {}, { at: ahead }, { at: '1999-12-31T23:59:59.999Z' });
    expect(await line(given(), ['--format', '{session} {today}'])).toBe('$0.00246 $0.00164');
  });

  it('shows a price that is not known as one', async () => {
    write(`-code/${SESSION}.jsonl`, { model: 'acme/none', requested: 'acme/none' });
    expect(await line(given(), ['--format', '{session}'])).toBe('?');
    appendFileSync(own(), `${answerLine({ at: new Date().toISOString(), ...GLM })}\n`);
    expect(await line(given(), ['--format', '{session}'])).toBe('$0.00082 + ?');
  });

  it('leaves out the least important where the terminal is narrow, and never the model', async () => {
    const widths = await Promise.all(['60', '40', '24', '1'].map((columns) => line(given(), [], { COLUMNS: columns })));
    expect(widths.map((text) => [...text].length).every((length, index) => length <= ([56, 36, 22, 22][index] ?? 0))).toBe(true);
    for (const text of widths) expect(text).toContain('z-ai/glm-4.7');
    expect(widths[1]).toContain('$0.00164');
  });

  it('has its own colours unless NO_COLOR is set, and no other control character, whatever the model is called', async () => {
    const odd = given({ model: { id: 'acme/\u001b[31mred\u202e\nnew' } });
    expect(await line(odd)).toMatch(/^acme\/red new ·/);
    expect(await line(odd)).not.toMatch(/[\u0000-\u001f\u202e]/);
    const colours = { NO_COLOR: '' };
    expect(await line(odd, [], colours)).toMatch(/^\u001b\[36macme\/red new\u001b\[39m\u001b\[2m · \u001b\[22mZ\.AI/);
    expect(await line(given(), ['--format', '\u001b[5m{model} {context}'], colours)).toBe('\u001b[36mz-ai/glm-4.7\u001b[39m 10%');
    const full = given({ context_window: { current_usage: { input_tokens: 190_000 } } });
    expect(await line(full, ['--format', '{context}'], colours)).toBe('\u001b[31m93%\u001b[39m');
    expect(await line(given(), ['--format', '{model}'], { NO_COLOR: '', TERM: 'dumb' })).toBe('z-ai/glm-4.7');
    expect(await line(given(), [], { NO_COLOR: '', COLUMNS: '40' })).toContain('$0.00164');
  });

  it.each([
    ['nothing', ''],
    ['garbage', '\0\u0001{{{'],
    ['another form', '{"model":7,"context_window":[],"transcript_path":{},"prompt_cache":null}'],
    ['a list', '[1,2]'],
    ['10 MB', 'x'.repeat(10_000_000)],
    ['10 MB of JSON', JSON.stringify({ model: { id: 'z-ai/glm-4.7' }, more: 'x'.repeat(10_000_000) })],
  ])('prints the model alone, and ends with 0, where it is given %s', async (_what, input) => {
    expect(await line(input, [], { ANTHROPIC_MODEL: 'opus' })).toMatch(/z-ai\/glm-4\.7/);
    expect(await line(input, [], { ANTHROPIC_DEFAULT_OPUS_MODEL: '', ANTHROPIC_MODEL: '' })).not.toBe('');
  });

  it('prints the model where the transcript is not there, a folder or a FIFO, and where the own folder is not safe', async () => {
    const model = 'opus z-ai/glm-4.7 ·';
    expect(await line(given({ transcript_path: '/nowhere/x.jsonl' }))).toContain(model);
    expect(await line(given({ transcript_path: box.home }))).toContain(model);
    execFileSync('mkfifo', [box.at('pipe.jsonl')]);
    expect(await line(given({ transcript_path: box.at('pipe.jsonl') }))).toContain(model);
    symlinkSync('loop.jsonl', box.at('loop.jsonl'));
    expect(await line(given({ transcript_path: box.at('loop.jsonl') }))).toBe('z-ai/glm-4.7');
    chmodSync(box.at('.config/orcc'), 0o777);
    expect(await line(given())).toBe('z-ai/glm-4.7');
    chmodSync(box.at('.config/orcc'), 0o700);
    rmSync(box.at('.config/orcc'), { recursive: true });
    writeFileSync(box.at('.config/orcc'), 'no folder');
    expect(await line(given())).toBe('z-ai/glm-4.7');
  });

  it('asks nobody, and reads a long transcript in several goes, saying that there is more, with the provider of the last answer', async () => {
    const answers = Array.from({ length: 1200 }, (_, index) =>
      answerLine({
        ...{ at: new Date().toISOString(), ...GLM, id: `gen-${String(index).padStart(10, '0')}`, text: 'y'.repeat(2000) },
        provider: index === 1199 ? 'Novita' : 'Z.AI',
      }),
    );
    writeTranscript(box.at('.claude'), `-code/${SESSION}.jsonl`, answers);
    const before = simulator.requests.length;
    expect(await line(given(), ['--format', '{provider}{session}'])).toMatch(/^Novita\$0\.\d+…$/);
    let last = '';
    for (let call = 0; call < 3 && !/\d$/.test(last); call += 1) last = await line(given(), ['--format', '{provider}{session}']);
    expect(last).toBe('Novita$0.98');
    expect(simulator.requests.length).toBe(before);
  });

  it("shows the lines of the user's own command below, given the same input, and does without where it fails", async () => {
    expect(
      await line(given(), [
        '--format',
        '{model}',
        '--after',
        'read -r given; printf "%.12s\\n" "$given"; printf "\\033[32mgreen\\033[0m\\033]0;title\\007"',
      ]),
    ).toBe('z-ai/glm-4.7\n{"session_id\n\u001b[32mgreen\u001b[0m');
    expect(await line(given(), ['--format', '{model}', '--after', 'exit 3'])).toBe('z-ai/glm-4.7');
    expect(await line(given(), ['--format', '{model}', '--after', 'sleep 60 & echo behind'])).toBe('z-ai/glm-4.7\nbehind');
    expect((await line(given(), ['--format', '{model}', '--after', 'yes'])).length).toBeLessThan(20_000);
  });
});

describe('orcc statusline --install', () => {
  const settings = (): string => box.at('.claude/settings.json');
  const statusLine = (): unknown => (JSON.parse(readFileSync(settings(), 'utf8')) as Record<string, unknown>)['statusLine'];
  const bin = (...args: readonly string[]): Promise<RunResult> => box.bin(['statusline', ...args]);

  it.each(['user', 'bash'])(
    'writes absolute paths into user settings, beside a set-up in %s, and --remove gives back every byte',
    async (target) => {
      mkdirSync(box.at('.claude'));
      writeFileSync(settings(), '{\n  "theme": "dark"\n}\n');
      await initIn(box, simulator, ['--target', target]);
      const before = readFileSync(settings(), 'utf8');
      expect(await bin('--install', '--yes')).toMatchObject({ code: 0 });
      expect(statusLine()).toEqual({ type: 'command', command: `${process.execPath} ${ORCC_BIN} statusline` });
      expect((await bin('--install', '--yes')).code).toBe(0);
      expect(statusLine()).toBeDefined();
      expect(await bin('--remove', '--yes')).toMatchObject({ code: 0 });
      expect(readFileSync(settings(), 'utf8')).toBe(before);
      expect((await bin('--remove', '--yes')).code).toBe(0);
    },
  );

  it('stays through a switch, the way to Anthropic and back, and another set-up', async () => {
    await initIn(box, simulator, ['--target', 'user']);
    await bin('--install', '--yes');
    for (const args of [
      ['switch', 'opus=z-ai/glm-5.3', '--yes'],
      ['switch', '--native', '--yes'],
      ['switch', '--back', '--yes'],
    ]) {
      expect((await box.orcc(args)).code).toBe(0);
      expect(statusLine(), args.join(' ')).toBeDefined();
    }
    await initIn(box, simulator, ['--target', 'bash']);
    expect(statusLine()).toBeDefined();
  });

  it('is undone, and goes with everything else', async () => {
    await initIn(box, simulator, ['--target', 'user']);
    const before = readFileSync(settings(), 'utf8');
    await bin('--install', '--yes', '--format', "{model} it's {session}");
    expect(statusLine()).toMatchObject({ command: `${process.execPath} ${ORCC_BIN} statusline --format '{model} it'\\''s {session}'` });
    expect((await box.orcc(['undo', '--yes'])).code).toBe(0);
    expect(readFileSync(settings(), 'utf8')).toBe(before);
    await bin('--install', '--yes');
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect(existsSync(settings())).toBe(false);
  });

  it("keeps somebody else's, which can be wrapped and comes back", async () => {
    mkdirSync(box.at('.claude'));
    const theirs = '{\n  "statusLine": { "type": "command", "command": "~/mine.sh", "padding": 0 }\n}\n';
    writeFileSync(settings(), theirs);
    await initIn(box, simulator, ['--target', 'bash']);
    expect((await bin('--install', '--yes')).code).toBe(6);
    expect(readFileSync(settings(), 'utf8')).toBe(theirs);
    expect((await bin('--install', '--yes', '--after', '~/mine.sh')).code).toBe(0);
    expect(statusLine()).toEqual({ type: 'command', command: `${process.execPath} ${ORCC_BIN} statusline --after '~/mine.sh'` });
    expect((await bin('--remove', '--yes')).code).toBe(0);
    expect(readFileSync(settings(), 'utf8')).toBe(theirs);
    expect((await bin('--install', '--yes', '--replace')).code).toBe(0);
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect(readFileSync(settings(), 'utf8')).toBe(theirs);
  });

  it('is found by doctor where Node or orcc is gone', async () => {
    await initIn(box, simulator, ['--target', 'user']);
    await bin('--install', '--yes');
    const dead = async (): Promise<boolean> =>
      (await box.orcc(['doctor', '--offline', '--json'])).json().findings.some(({ code }) => code === 'STATUSLINE_DEAD');
    expect(await dead()).toBe(false);
    const config = box.at('.config/orcc/config.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace(process.execPath, '/gone/bin/node'));
    expect(await dead()).toBe(true);
  });

  it("is refused out of npx's cache", async () => {
    await initIn(box, simulator, ['--target', 'user']);
    const root = path.dirname(path.dirname(ORCC_BIN));
    const cached = box.at('.npm/_npx/1a2b/node_modules/orcc');
    for (const part of ['bin', 'dist', 'package.json']) cpSync(path.join(root, part), path.join(cached, part), { recursive: true });
    const args = [path.join(cached, 'bin', 'orcc.js'), 'statusline', '--install', '--yes'];
    expect(await runProgram(process.execPath, args, { env: { ...box.env } })).toMatchObject({ code: 6 });
    expect(statusLine()).toBeUndefined();
  });

  it.each([
    [['--install', '--remove'], 2],
    [['--install', '--format', '{modell}'], 2],
    [['--install', '--yes'], 3],
  ])('refuses %j with %i where nothing is set up', async (args, code) => {
    expect((await bin(...args)).code).toBe(code);
  });
});
