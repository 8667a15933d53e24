import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { beforeEach, describe, expect, it } from 'vitest';
import { WHY_SHARED } from '../../src/commands/doctor/shared-files.ts';
import { CHECKS } from '../../src/doctor/checks/index.ts';
import type { Ran } from '../support/box.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();
beforeEach(() => {
  // The shell prints its environment with it, and there is a Claude Code to find.
  symlinkSync('/usr/bin/env', path.join(box.env['PATH'] ?? '', 'env'));
  box.write('../programs/claude', '#!/bin/sh\necho "2.1.330 (Claude Code)"\n', 0o755);
  box.write('.claude.json', '{"hasCompletedOnboarding": true}');
});

const document = z.object({
  ok: z.boolean(),
  findings: z.array(z.object({ code: z.string(), severity: z.string() })),
  data: z.object({ fixable: z.array(z.string()) }),
});

async function doctor(args: readonly string[] = [], env: Record<string, string> = {}) {
  const { code, stdout } = await box.orcc(['doctor', '--offline', '--json', ...args], { env });
  const { findings, data, ok } = document.parse(JSON.parse(stdout));
  return { code, ok, fixable: data.fixable, found: findings.filter(({ severity }) => severity !== 'info').map((each) => each.code) };
}

/** What a new terminal has: the variables that bash exports. */
async function terminal(): Promise<Record<string, string>> {
  const { stdout } = await box.orcc(['env', '--with-key', '--shell', 'bash']);
  const lines = [...stdout.matchAll(/export ([A-Z0-9_]+)='([^']*)'/g)];
  return Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]));
}

function init(...args: string[]): Promise<Ran> {
  return initIn(box, simulator, ['--no-auto-mode', ...args]);
}

const userFile = '.claude/settings.json';
const readUser = (): Record<string, Record<string, unknown>> =>
  z.record(z.string(), z.record(z.string(), z.unknown())).parse(JSON.parse(box.read(userFile) ?? ''));
function changeUser(change: (settings: Record<string, Record<string, unknown>>) => void): void {
  const settings = readUser();
  change(settings);
  box.write(userFile, JSON.stringify(settings, null, 2), 0o600);
}

describe('orcc doctor, over real files and a real shell', () => {
  it('has nothing to do where nobody set anything up, and says so by its exit code', async () => {
    expect(await doctor()).toMatchObject({ code: 3, ok: false, found: [] });
  });

  it('ends with 1 for an error alone: a warning is told, and ends with 3 where nothing is set up and with 0 elsewhere', async () => {
    box.write(userFile, JSON.stringify({ anthropic: { defaultModels: { opus: 'z-ai/glm-4.7' } } }), 0o600);
    expect(await doctor()).toMatchObject({ code: 3, ok: false, found: ['LEGACY_ANTHROPIC_BLOCK'] });
    expect((await box.orcc(['doctor', '--offline'])).stdout).toContain('`orcc init`');
    await init('--target', 'user');
    expect(await doctor()).toMatchObject({ code: 0, ok: true, found: ['LEGACY_ANTHROPIC_BLOCK'] });
    changeUser((settings) => {
      settings['env'] = { ...settings['env'], ANTHROPIC_AUTH_TOKEN: '' };
    });
    expect(await doctor()).toMatchObject({ code: 1, ok: false });
  });

  it('finds nothing wrong after init, offers rules against images, and writes nothing', async () => {
    await init('--target', 'user');
    const before = box.traces();
    expect(await doctor()).toEqual({ code: 0, ok: true, found: [], fixable: ['IMAGES_UNGUARDED'] });
    expect(box.traces()).toEqual(before);
  });

  it('says of a profile that only this terminal lacks it', async () => {
    await init('--target', 'bash', '--target', 'user');
    box.write(userFile, '{"permissions": {"disableAutoMode": "disable"}}');
    expect((await doctor()).found).toContain('ENV_NOT_LOADED');
    expect((await doctor([], await terminal())).found).not.toContain('ENV_NOT_LOADED');
  });

  it('sees through bash what no text shows: a block that is not reached, and one that is overruled', async () => {
    await init('--target', 'bash');
    const rc = box.read('.bashrc') ?? '';
    box.write('.bashrc', `return\n${rc}`);
    expect((await doctor()).found).toContain('BLOCK_DAMAGED');
    box.write('.bashrc', `${rc}n=ANTHROPIC_MODEL; export "$n=opus"\n`);
    expect((await doctor()).found).toContain('FOREIGN_EXPORT');
    box.write('.bashrc', rc);
    expect((await doctor()).found).not.toContain('FOREIGN_EXPORT');
  });

  it('never shows the key, whatever it finds', async () => {
    await init('--target', 'bash', '--target', 'user');
    changeUser((settings) => {
      settings['env'] = { ...settings['env'], ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789abcdef', ANTHROPIC_MODEL: 'opus' };
    });
    for (const flags of [['--json'], ['--all']]) {
      const { stdout, stderr } = await box.orcc(['doctor', '--offline', ...flags]);
      expect(stdout + stderr).not.toMatch(new RegExp(`${simulator.key}|sk-ant-api03-0123456789abcdef`));
    }
  });

  it('holds what was agreed to for the address before a fix against no other one after it', async () => {
    await init('--target', 'bash');
    const rc = box.read('.bashrc') ?? '';
    const foreign = 'export ANTHROPIC_BASE_URL=http://127.0.0.1:1/api\nexport ANTHROPIC_AUTH_TOKEN=a-token-of-another-gateway\n';
    const env = { ...(await terminal()), ANTHROPIC_BASE_URL: 'http://127.0.0.1:1/api', ANTHROPIC_AUTH_TOKEN: 'a-token-of-another-gateway' };
    for (const to of [[], ['--to', 'http://127.0.0.1:1/api']]) {
      box.write('.bashrc', `${rc}${foreign}`);
      const { stdout } = await box.orcc(['doctor', '--fix', 'FOREIGN_EXPORT', '--yes', '--json', ...to], { env });
      const codes = document.parse(JSON.parse(stdout)).findings.map(({ code }) => code);
      expect(codes).toContain('ENV_NOT_LOADED');
      expect(codes).not.toContain('KEY_OTHER_ADDRESS');
    }
  });

  it('goes on where a settings file cannot be read', async () => {
    await init('--target', 'user');
    box.write(userFile, '{"env": {,}');
    expect(await doctor()).toMatchObject({ code: 1, found: expect.arrayContaining(['SETTINGS_INVALID']) });
  });

  it('asks Claude Code for its version and for nothing else, which old ones would take for a paid prompt', async () => {
    await init('--target', 'user');
    const asked = path.join(box.home, 'asked');
    box.write('../programs/claude', `#!/bin/sh\necho "$*" >>"${asked}"\necho "2.0.76 (Claude Code)"\n`, 0o755);
    expect((await doctor(['--fix', '--yes'])).found).toContain('CLAUDE_TOO_OLD');
    expect(new Set(box.read('asked')?.trim().split('\n'))).toEqual(new Set(['--version']));
  });

  it('asks OpenRouter unless it is told not to', async () => {
    await init('--target', 'user');
    const before = simulator.requests.length;
    await doctor();
    expect(simulator.requests.length).toBe(before);
    await box.orcc(['doctor', '--json']);
    expect(simulator.requests.length).toBeGreaterThan(before);
  });
});

describe('orcc doctor and the models in effect', () => {
  it('finds one that OpenRouter does not have wherever it stands, and says what to put there', async () => {
    await init('--target', 'user');
    mkdirSync(path.join(box.cwd, '.claude'));
    writeFileSync(path.join(box.cwd, '.claude', 'settings.local.json'), '{"env": {"CLAUDE_CODE_SUBAGENT_MODEL": "claude-haiku-4-5"}}');
    const { stdout } = await box.orcc(['doctor', '--json']);
    const findings = z.object({ findings: z.array(z.looseObject({ code: z.string() })) }).parse(JSON.parse(stdout)).findings;
    const place = path.join(box.cwd, '.claude', 'settings.local.json:1');
    expect(findings.find(({ code }) => code === 'MODEL_UNKNOWN')).toMatchObject({
      subject: 'subagent',
      evidence: [expect.stringContaining(place)],
      fix: expect.stringContaining(`${place}: \`anthropic/claude-haiku-4.5\``),
    });
  });
});

describe('orcc doctor --fix', () => {
  it('asks OpenRouter anew after a fix, at the address and as whom it left', async () => {
    const env = { ANTHROPIC_BASE_URL: simulator.baseUrl, ANTHROPIC_API_KEY: simulator.key, ANTHROPIC_DEFAULT_SONNET_MODEL: 'z-ai/glm-47' };
    box.write(userFile, JSON.stringify({ env }, null, 2), 0o600);
    const { stdout } = await box.orcc(['doctor', '--json', '--fix', 'API_KEY_PRESENT', '--yes']);
    const codes = document.parse(JSON.parse(stdout)).findings.map(({ code }) => code);
    expect(codes).toContain('MODEL_UNKNOWN');
    expect(codes).not.toContain('API_KEY_PRESENT');
    expect(readUser()['env']).toEqual({ ...env, ANTHROPIC_API_KEY: '', ANTHROPIC_AUTH_TOKEN: simulator.key });
  });

  const broken: readonly (readonly [code: string, breakIt: () => void])[] = [
    ['SETTINGS_OVERRIDE', () => changeUser((all) => void Object.assign(all['env'] ?? {}, { ANTHROPIC_MODEL: 'opus' }))],
    [
      'API_KEY_PRESENT',
      () => changeUser((all) => void Object.assign(all['env'] ?? {}, { ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789abcdef' })),
    ],
    ['URL_WITHOUT_TOKEN', () => changeUser((all) => void Object.assign(all['env'] ?? {}, { ANTHROPIC_AUTH_TOKEN: '' }))],
    ['ALIAS_UNMAPPED', () => changeUser((all) => void Object.assign(all['env'] ?? {}, { ANTHROPIC_DEFAULT_HAIKU_MODEL: '' }))],
    ['CONTEXT_MISMATCH', () => changeUser((all) => void Object.assign(all['env'] ?? {}, { CLAUDE_CODE_MAX_CONTEXT_TOKENS: '198k' }))],
    ['BASE_URL_WRONG', () => changeUser((all) => void Object.assign(all['env'] ?? {}, { ANTHROPIC_BASE_URL: `${simulator.baseUrl}/v1` }))],
    ['API_KEY_UNGUARDED', () => changeUser((all) => void delete all['env']?.['ANTHROPIC_API_KEY'])],
    ['AUTO_MODE_BLOCKED', () => changeUser((all) => void delete all['permissions'])],
    ['MODE_TOO_OPEN', () => void box.write(userFile, box.read(userFile) ?? '', 0o644)],
    ['BLOCK_DAMAGED', () => changeUser((all) => void delete all['env']?.['ANTHROPIC_MODEL'])],
  ];

  it.each(broken.map(([code]) => code))('fixes %s, and undo gives the broken file back', async (code) => {
    await init('--target', 'user');
    broken.find(([each]) => each === code)?.[1]();
    const before = { text: box.read(userFile), mode: box.mode(userFile) };
    const sick = await doctor();
    expect(sick.found).toContain(code);
    expect(sick.fixable).toContain(code);

    await box.orcc(['doctor', '--offline', '--fix', '--dry-run']);
    expect(box.read(userFile)).toBe(before.text);

    await box.orcc(['doctor', '--offline', '--fix', code, '--yes']);
    expect((await doctor()).found).not.toContain(code);
    await box.orcc(['undo', '--yes']);
    expect({ text: box.read(userFile), mode: box.mode(userFile) }).toEqual(before);
  });

  it('turns the block of the guide into `env` whole, and undo gives the file back', async () => {
    const models = { opus: 'z-ai/glm-4.7', sonnet: 'z-ai/glm-4.7', haiku: 'z-ai/glm-4.7-flash' };
    const text = JSON.stringify({ anthropic: { baseURL: simulator.baseUrl, authToken: simulator.key, defaultModels: models } });
    box.write(userFile, text, 0o644);
    await box.orcc(['doctor', '--offline', '--fix', 'LEGACY_ANTHROPIC_BLOCK', '--yes']);
    const { anthropic, env } = JSON.parse(box.read(userFile) ?? '') as { anthropic?: object; env: object };
    expect(anthropic).toBeUndefined();
    expect(env).toMatchObject({ ANTHROPIC_BASE_URL: simulator.baseUrl, ANTHROPIC_DEFAULT_OPUS_MODEL: models.opus });
    expect(box.mode(userFile)).toBe(0o600);
    expect(await box.orcc(['undo', '--yes'])).toMatchObject({ code: 0 });
    expect([box.read(userFile), box.mode(userFile)]).toEqual([text, 0o644]);
  });

  it('leaves a settings file that git tracks alone under --yes, and says why', async () => {
    await init('--target', 'user');
    const team = '{"env":{"ANTHROPIC_DEFAULT_OPUS_MODEL":"team/model"}}';
    const file = box.writeHere('.claude/settings.json', team);
    const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: box.cwd, env: box.env });
    git('init', '-q');
    git('add', '.claude/settings.json');
    const ran = await box.orcc(['doctor', '--offline', '--fix', 'SETTINGS_OVERRIDE', '--yes']);
    expect(ran.stderr).toContain(`SETTINGS_OVERRIDE ${file}: ${WHY_SHARED.tracked ?? 'no reason'}`);
    expect(readFileSync(file, 'utf8')).toBe(team);
    expect(readdirSync(path.dirname(file))).toEqual(['settings.json']);
    const index = path.join(box.cwd, '.git', 'index');
    const whole = readFileSync(index);
    writeFileSync(index, 'no index');
    expect((await box.orcc(['doctor', '--offline', '--fix', 'SETTINGS_OVERRIDE', '--yes'])).stderr).toContain(
      `SETTINGS_OVERRIDE ${file}: ${WHY_SHARED.unknown ?? 'no reason'}`,
    );
    expect(readFileSync(file, 'utf8')).toBe(team);
    writeFileSync(index, whole);
    git('rm', '-q', '--cached', '.claude/settings.json');
    await box.orcc(['doctor', '--offline', '--fix', 'SETTINGS_OVERRIDE', '--yes']);
    expect(readFileSync(file, 'utf8')).not.toContain('team/model');
  });

  it('fixes a damaged block in a profile, and keeps every other line', async () => {
    await init('--target', 'bash');
    const whole = box.read('.bashrc') ?? '';
    box.write('.bashrc', `alias mine=1\n${whole.replace(/^# <<< orcc <<<\n/m, '')}alias also=2\n`);
    expect((await doctor()).found).toContain('BLOCK_DAMAGED');
    await box.orcc(['doctor', '--offline', '--fix', 'BLOCK_DAMAGED', '--yes']);
    expect((await doctor()).found).not.toContain('BLOCK_DAMAGED');
    const fixed = box.read('.bashrc') ?? '';
    for (const line of ['alias mine=1', 'alias also=2']) expect(fixed.split('\n')).toContain(line);
    expect(fixed.match(/>>> orcc >>>/g)).toHaveLength(1);
  });

  it('moves lines of the user out of the block, byte for byte, and undo puts them back', async () => {
    await init('--target', 'bash');
    const whole = box.read('.bashrc') ?? '';
    const edited = whole.replace('  export ANTHROPIC_MODEL', '\talias mine=1  \r\n  export ANTHROPIC_MODEL').replace("'sonnet'", "'opus'");
    box.write('.bashrc', edited);
    const { findings } = (await box.orcc(['doctor', '--offline', '--json'])).json();
    expect(findings.find(({ code }) => code === 'BLOCK_DAMAGED')?.evidence.join()).toMatch(/line \d+: `alias mine=1`/);
    const dry = await box.orcc(['doctor', '--offline', '--fix', 'BLOCK_DAMAGED', '--dry-run']);
    expect(dry.stderr).not.toContain('Fixed');
    expect(box.read('.bashrc')).toBe(edited);
    const { stderr } = await box.orcc(['doctor', '--offline', '--fix', 'BLOCK_DAMAGED', '--yes']);
    expect(stderr).toMatch(/\bBLOCK_DAMAGED: .+[^]*~\/\.bashrc \(BLOCK_DAMAGED\)/);
    expect(await box.orcc(['doctor', '--offline', '--fix', 'BLOCK_DAMGED', '--yes'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('`BLOCK_DAMAGED`') as string,
    });
    expect(box.read('.bashrc')).toBe(`${whole}\talias mine=1  \r\n`);
    await box.orcc(['undo', '--yes']);
    expect(box.read('.bashrc')).toBe(edited);
  });

  it('writes a block anew that an editor gave Windows line ends, or that stands below a `return`', async () => {
    await init('--target', 'bash');
    const whole = box.read('.bashrc') ?? '';
    for (const [spoilt, fixed] of [
      [whole.replaceAll('\n', '\r\n'), whole],
      [`return\n${whole}`, `${whole}return\n`],
    ] as const) {
      box.write('.bashrc', spoilt);
      expect((await doctor()).fixable).toContain('BLOCK_DAMAGED');
      await box.orcc(['doctor', '--offline', '--fix', 'BLOCK_DAMAGED', '--yes']);
      expect(box.read('.bashrc')).toBe(fixed);
    }
  });

  it('takes over a hand-written export after the block', async () => {
    await init('--target', 'bash');
    box.write('.bashrc', `${box.read('.bashrc') ?? ''}export ANTHROPIC_MODEL=opus\n`);
    expect((await doctor()).fixable).toContain('FOREIGN_EXPORT');
    await box.orcc(['doctor', '--offline', '--fix', 'FOREIGN_EXPORT', '--yes']);
    expect((await doctor()).found).not.toContain('FOREIGN_EXPORT');
    expect(box.read('.bashrc')).toContain('# orcc: disabled: export ANTHROPIC_MODEL=opus');
  });

  it('asks about auto mode by itself, and fixes the rest where the answer is no', async () => {
    await initIn(box, simulator, ['--target', 'user']);
    box.write(userFile, box.read(userFile) ?? '', 0o644);
    const answers = [
      { to: /auto mode/, give: false },
      { to: /images/, give: false },
      { to: /Fix these/, give: true },
    ];
    await box.orcc(['doctor', '--offline', '--fix'], { answers });
    expect(box.mode(userFile)).toBe(0o600);
    expect(readUser()['permissions']).toBeUndefined();
  });

  it('turns auto mode off in such a way that remove turns it on again', async () => {
    for (const target of ['bash', 'user']) {
      await initIn(box, simulator, ['--target', target]);
      expect((await doctor()).fixable).toContain('AUTO_MODE_BLOCKED');
      await box.orcc(['doctor', '--offline', '--fix', 'AUTO_MODE_BLOCKED', '--yes']);
      expect((await doctor()).found).not.toContain('AUTO_MODE_BLOCKED');
      expect(readUser()['permissions']).toEqual({ disableAutoMode: 'disable' });
      expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
      expect(box.read(userFile)).toBeNull();
    }
  });

  it('leaves alone what has no safe fix', async () => {
    await init('--target', 'user');
    box.write(path.relative(box.home, path.join(box.cwd, '.claude', 'settings.json')), '{"env": {,}');
    const before = box.tree();
    const { code } = await box.orcc(['doctor', '--offline', '--fix', 'SETTINGS_INVALID', '--yes']);
    expect(code).toBe(1);
    expect(box.tree()).toEqual(before);
  });
});

describe('what is fine (`--all`)', () => {
  /** The codes of the checks that it lists there. */
  const fine = async (): Promise<readonly string[]> => {
    const { stdout } = await box.orcc(['doctor', '--offline', '--all']);
    const lines = stdout.split('\n').filter((line) => line.startsWith('ok '));
    return CHECKS.filter((check) => lines.includes(`ok ${check.fine}`)).map(({ code }) => code);
  };
  const OF_A_SETUP = ['CLAUDE_TOO_OLD', 'ALIAS_UNMAPPED', 'AUTO_MODE_BLOCKED', 'BASE_URL_WRONG', 'KEY_MISSING', 'ONBOARDING_GATE'];

  it('says nothing of what is not there: no Claude Code, no base URL, no key', async () => {
    unlinkSync(path.join(box.env['PATH'] ?? '', 'claude'));
    const listed = await fine();
    expect(listed).toContain('SETTINGS_INVALID');
    expect(listed.filter((code) => [...OF_A_SETUP, 'EXECUTION_POLICY'].includes(code))).toEqual([]);
  });

  it('says it of what is there', async () => {
    await init('--target', 'user');
    expect(await fine()).toEqual(expect.arrayContaining(OF_A_SETUP));
  });
});
