import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { initIn, initWords, useBox, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();

const box = useBox();
const readHere = (name: string): string => readFileSync(path.join(box.cwd, name), 'utf8');

interface Report {
  versions: Record<string, string | null>;
  layers: { connected: boolean; key: object | null; variables: { name: string; value: string; beats: string[] }[] };
  findings: { code: string }[];
  lastTest: { aliases: { alias: string; verdict: string; code: string | null }[] } | null;
  timings: Record<string, number>;
}

describe('orcc doctor --report FILE', () => {
  it('writes what a maintainer asks for, and the same as one member of --json', async () => {
    await initIn(box, simulator, ['--target', 'user', '--target', 'bash']);
    simulator.setFaults([{ code: 'credits-empty' }]);
    await box.orcc(['test', 'haiku']);
    simulator.setFaults([]);
    const { json, code, codes } = await box.orcc(['doctor', '--offline', '--json', '--report', 'report.md']);
    const plain = await box.orcc(['doctor', '--offline', '--json']);
    expect(code).toBe(plain.code);
    const { report, ...rest } = json().data as { report: Report };
    // Sessions of this machine's own may begin and end between the two.
    const ours = (data: unknown): unknown =>
      JSON.parse(JSON.stringify(data), (_, value: unknown) =>
        Array.isArray(value) ? value.filter((each: { code?: unknown } | null) => each?.code !== 'SESSIONS_RUNNING') : value,
      );
    expect(ours(rest)).toEqual(ours(plain.json().data));
    expect(report.versions).toMatchObject({ node: process.versions.node, system: `linux ${process.arch}` });
    expect(report.layers.connected).toBe(true);
    expect(report.layers.variables.find(({ name }) => name === 'ANTHROPIC_AUTH_TOKEN')).toMatchObject({ value: 'set' });
    expect(report.findings.map((each) => each.code)).toEqual(codes());
    expect(report.lastTest?.aliases).toMatchObject([{ alias: 'haiku', verdict: 'failed', code: 'NO_CREDITS' }]);
    const text = readHere('report.md');
    for (const part of ['Versions', 'Findings', 'Layers', 'Last test', 'Timings']) expect(text).toContain(`## ${part}\n`);
    expect(text).toContain('| haiku | z-ai/glm-4.7-flash | failed | NO_CREDITS |');
  });

  it.each(['config.json', 'state.json', 'replaced.json'])('is written over a broken %s too, without the layers', async (name) => {
    await initIn(box, simulator, ['--target', 'user']);
    box.write(`.config/orcc/${name}`, '{x', 0o600);
    const { json, code } = await box.orcc(['doctor', '--offline', '--json', '--report', 'report.md']);
    expect(code).toBe(1);
    const { report } = json().data as { report: Report };
    expect(report.layers).toBeNull();
    expect(report.findings.map((each) => each.code)).toContain('CONFIG_BROKEN');
    expect(readHere('report.md')).toContain('**CONFIG_BROKEN**');
  });

  it('holds no key, whole or masked, and neither the place of the home nor its name', async () => {
    const home = path.join(box.home, 'mariettavoss');
    mkdirSync(home);
    const env = { ...box.env, HOME: home, MY_KEY: simulator.key };
    expect((await box.bin(initWords(['--target', 'user', '--quick'], simulator.baseUrl), { env })).code).toBe(0);
    const settings = path.join(home, '.claude', 'settings.json');
    const { stdout } = await box.bin(['doctor', '--offline', '--json', '--report', 'report.md'], { env, cwd: box.cwd });
    const { report } = (JSON.parse(stdout) as { data: { report: Report } }).data;
    for (const text of [JSON.stringify(report), readHere('report.md')]) {
      expect(text).toContain('~/.claude/settings.json');
      expect(text).not.toContain(settings);
      expect(text.toLowerCase()).not.toContain('mariettavoss');
      expect(text).not.toContain('sk-or-');
      expect(text).not.toContain(simulator.key.slice(-4));
    }
  });

  it('names no command that gives a key, no key by its name, no user of Windows and nothing that was asked of a model', async () => {
    box.write('vault', `${simulator.key}\n`);
    const command = `cat ${box.at('vault')} #op://Private/Vault-of-Ann`;
    const made = await initIn(box, simulator, ['--target', 'user', '--key-storage', `command:${command}`, '--key-env', 'NOTHING']);
    expect(made.code).toBe(2);
    const set = await initIn(box, simulator, ['--target', 'user', '--key-storage', `command:${command}`]);
    expect(set.code, set.stderr).toBe(0);
    const other = simulator.keys.guarded;
    const added = await box.orcc(['key', 'add', 'work', '--key-stdin', '--yes'], { input: other });
    expect(added.code, added.stderr).toBe(0);
    box.write(
      '.claude/projects/-work/s.jsonl',
      `${JSON.stringify({ type: 'user', message: { role: 'user', content: 'my-secret-prompt' } })}\n`,
    );
    box.write('.claude/settings.local.json', '{}');
    const state = box.read('.config/orcc/state.json') ?? '';
    const further = {
      id: 'settings-file',
      path: '/mnt/c/Users/ann.voss/.claude/settings.json',
      created: false,
      modeBefore: null,
      carries: 'setup',
      members: [],
    };
    const parsed = JSON.parse(state) as { targets: object[] };
    box.write('.config/orcc/state.json', JSON.stringify({ ...parsed, targets: [...parsed.targets, further] }), 0o600);
    for (const isThere of [true, false]) {
      if (!isThere) box.write('vault', '');
      const { json, stderr } = await box.orcc(['doctor', '--offline', '--json', '--report', isThere ? 'report.md' : 'later.md']);
      expect(json().data, stderr).not.toBeNull();
      const { report } = json().data as { report: Report };
      expect(report.findings.some(({ code }) => code === 'KEY_MISSING')).toBe(!isThere);
      for (const text of [JSON.stringify(report), readHere(isThere ? 'report.md' : 'later.md')]) {
        for (const secret of [
          'op://',
          'Vault-of-Ann',
          simulator.key,
          simulator.key.slice(-4),
          other,
          other.slice(-4),
          'ann.voss',
          'my-secret-prompt',
        ])
          expect(text).not.toContain(secret);
        expect(text).toContain('/mnt/c/Users/NAME/.claude');
      }
    }
  });

  it('is written where nothing is set up, too, and keeps no test of somewhere else', async () => {
    const { code, json } = await box.orcc(['doctor', '--offline', '--json', '--report', 'report.md']);
    expect(code).toBe(3);
    const { report } = json().data as { report: Report };
    expect(report.layers).toMatchObject({ connected: false, key: null });
    expect(report.lastTest).toBeNull();
    expect(readHere('report.md')).toContain('None.');
  });

  it.each([
    ['a file that is there', 'taken.md'],
    ['a folder that is not there', 'none/report.md'],
    ['a folder', '.'],
  ])('%s is refused before anything is looked at', async (_what, file) => {
    box.writeHere('taken.md', 'mine\n');
    const { code, stdout } = await box.orcc(['doctor', '--report', file]);
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(readHere('taken.md')).toBe('mine\n');
  });

  it('on a terminal an old one is replaced after a yes, and left after a no', async () => {
    box.writeHere('old.md', 'mine\n');
    expect((await box.orcc(['doctor', '--offline', '--report', 'old.md'], { answers: [{ to: /old.md/, give: false }] })).code).toBe(6);
    expect(readHere('old.md')).toBe('mine\n');
    await box.orcc(['doctor', '--offline', '--report', 'old.md'], { answers: [{ to: /old.md/, give: true }] });
    expect(readHere('old.md')).toContain('# Report of `orcc doctor`');
  });
});
