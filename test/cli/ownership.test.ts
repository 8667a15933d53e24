import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/hash.ts';
import { DEFAULT } from '../support/scripted-ask.ts';
import { createBox, type Box, type Ran, type RunInBox } from '../support/box.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

function init(args: readonly string[], options: RunInBox = {}, into: Box = box): Promise<Ran> {
  return initIn(into, simulator, args, options);
}

const ALL = ['bash', 'zsh', 'fish', 'user'].flatMap((id) => ['--target', id]);
const remove = (...args: string[]): Promise<Ran> => box.orcc(['remove', '--yes', ...args]);
const codes = (ran: Ran): readonly string[] => ran.codes();

describe('a profile block without a record', () => {
  it('proves itself by marker and sum: it goes, and the rest of the file stays as it was', async () => {
    box.write('.bashrc', 'a=1');
    box.write('.profile', '. ~/.bashrc\n');
    box.write('.zshrc', 'b=1\r\n', 0o600);
    const before = box.tree();
    await init(['--target', 'bash', '--target', 'zsh', '--target', 'fish']);
    rmSync(box.at('.config/orcc'), { recursive: true });
    expect(await remove()).toMatchObject({ code: 0 });
    const { 'home/.bashrc': bash, 'home/.zshrc': zsh, ...rest } = box.tree();
    expect([bash, zsh]).toEqual([before['home/.bashrc'], before['home/.zshrc']]);
    expect(Object.keys(rest).filter((name) => name.includes('orcc'))).toEqual([]);
  });

  it('goes from a dotfile that was synced to another machine', async () => {
    const other = createBox();
    try {
      await init(['--target', 'zsh'], {}, other);
      box.write('.zshrc', `first=1\n${other.read('.zshrc') ?? ''}last=1\n`);
      const ran = await remove();
      expect(ran.code).toBe(0);
      // There was no key here to be revoked.
      expect(ran.stderr).not.toContain('openrouter.ai/settings/keys');
      expect(box.read('.zshrc')).toBe('first=1\nlast=1\n');
    } finally {
      await other.dispose();
    }
  });

  it('stays where it was edited, exit 6, until --force', async () => {
    await init(['--target', 'zsh']);
    rmSync(box.at('.config/orcc'), { recursive: true });
    box.write('.zshrc', (box.read('.zshrc') ?? '').replace("'sonnet'", "'haiku'"));
    const edited = box.read('.zshrc');
    const ran = await remove('--json');
    expect(ran.code).toBe(6);
    expect(ran.json().data['problems']).toMatchObject([{ path: '~/.zshrc', code: 'BLOCK_EDITED' }]);
    expect(box.read('.zshrc')).toBe(edited);
    expect(await remove('--force')).toMatchObject({ code: 0 });
    expect(box.read('.zshrc')).toBe('');
  });

  it('goes although the key lies in the folder of an orcc with another XDG_CONFIG_HOME, which is named', async () => {
    const snap = box.at('snap/.config');
    await init(['--target', 'zsh'], { env: { XDG_CONFIG_HOME: snap } });
    const ran = await remove('--json');
    expect(ran.code).toBe(1);
    expect(codes(ran)).toEqual(['LEFT_BEHIND']);
    expect(box.read('.zshrc')).not.toContain('orcc');
    expect(await box.orcc(['remove', '--yes'], { env: { XDG_CONFIG_HOME: snap } })).toMatchObject({ code: 0 });
    expect(box.holding('orcc')).toEqual([]);
    expect(box.holding(simulator.key)).toEqual([]);
  });

  it('is not said to be gone while an orcc without this XDG_CONFIG_HOME keeps records and a key in the usual folder', async () => {
    const env = { XDG_CONFIG_HOME: box.at("it's/.config") };
    await init(['--target', 'user']);
    for (const set of [false, true]) {
      if (set) await init(['--target', 'zsh'], { env });
      const ran = await box.orcc(['remove', '--yes', '--json'], { env });
      expect(ran.code).toBe(1);
      expect(ran.json().findings.map(({ code, cause }) => [code, cause.includes('~/.config/orcc')])).toContainEqual(['LEFT_BEHIND', true]);
    }
    expect(box.holding(simulator.key)).toContain('.config/orcc/key');
    expect(await remove()).toMatchObject({ code: 0 });
    expect(await box.orcc(['remove', '--yes'], { env })).toMatchObject({ code: 3 });
    expect(box.holding(simulator.key)).toEqual([]);
  });

  it('is gone where the usual folder is a link to the one that XDG_CONFIG_HOME names', async () => {
    const env = { XDG_CONFIG_HOME: box.at('linked') };
    mkdirSync(box.at('linked'));
    symlinkSync(box.at('linked'), box.at('.config'));
    await init(['--target', 'user'], { env });
    expect(await box.orcc(['remove', '--yes', '--dry-run'], { env })).toMatchObject({ code: 0 });
    expect(await box.orcc(['remove', '--yes'], { env })).toMatchObject({ code: 0 });
    expect(box.holding(simulator.key)).toEqual([]);
  });
});

describe('settings members without a record', () => {
  /** The records are gone, and a second init takes the values that stand there for someone else's. */
  async function forget(): Promise<void> {
    await init(ALL);
    rmSync(box.at('.config/orcc'), { recursive: true });
    await init([...ALL, '--replace']);
  }

  it('stay under --yes, masked and named, exit 1', async () => {
    await forget();
    const foreseen = await box.orcc(['remove', '--dry-run', '--json']);
    const ran = await remove('--json');
    expect([foreseen.code, ran.code]).toEqual([1, 1]);
    expect(foreseen.json().findings).toEqual(ran.json().findings);
    expect(ran.json()).toMatchObject({ ok: false, findings: [{ code: 'LEFT_BEHIND', subject: '~/.claude/settings.json' }] });
    expect(ran.stdout + ran.stderr).not.toContain(simulator.key);
    expect(box.settings()).toMatchObject({ env: { ANTHROPIC_BASE_URL: simulator.baseUrl } });
    expect(box.read('.bashrc')).toBe('');
    const again = await remove('--json');
    expect(again.code).toBe(1);
    expect(codes(again)).toEqual(['LEFT_BEHIND']);
  });

  it('are listed on a terminal, and go after a yes', async () => {
    box.write('.claude/settings.json', '{\n  "theme": "dark"\n}\n');
    await forget();
    const ran = await box.orcc(['remove'], {
      answers: [
        { to: /members/, give: true },
        { to: /be undone/, give: true },
      ],
    });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('ANTHROPIC_AUTH_TOKEN');
    expect(ran.stderr).not.toContain(simulator.key);
    expect(box.read('.claude/settings.json')).toBe('{\n  "theme": "dark"\n}\n');
    expect(box.holding(simulator.key)).toEqual([]);
  });

  it('stay after a no, which is what Enter says', async () => {
    await forget();
    const ran = await box.orcc(['remove'], {
      answers: [
        { to: /members/, give: DEFAULT },
        { to: /be undone/, give: true },
      ],
    });
    expect(ran.code).toBe(1);
    expect(box.holding(simulator.key)).toEqual(['.claude/settings.json']);
  });

  it("are told where orcc never wrote anything: the guide's hand-written ones look the same", async () => {
    const text =
      '{"env": {"ANTHROPIC_BASE_URL": "https://openrouter.ai/api", "ANTHROPIC_AUTH_TOKEN": "sk-or-v1-0123456789abcdef", "A": "b"}}';
    box.write('.claude/settings.json', text, 0o600);
    const ran = await remove('--json');
    expect(ran.code).toBe(1);
    expect(codes(ran)).toEqual(['LEFT_BEHIND']);
    expect(box.read('.claude/settings.json')).toBe(text);
    expect(
      await box.orcc(['remove'], {
        answers: [
          { to: /members/, give: true },
          { to: /Remove/, give: true },
        ],
      }),
    ).toMatchObject({ code: 0 });
    expect(box.read('.claude/settings.json')).toBe('{"env": {"A": "b"}}');
  });

  it.each([
    ['another gateway', { env: { ANTHROPIC_BASE_URL: 'https://gateway.example', ANTHROPIC_AUTH_TOKEN: 'x', ANTHROPIC_MODEL: 'a/b' } }],
    ["Anthropic's own names", { model: 'opus', env: { ANTHROPIC_DEFAULT_OPUS_MODEL: 'claude-opus-4-8', ENABLE_TOOL_SEARCH: 'false' } }],
  ])('of %s are nothing to tell', async (_what, settings) => {
    box.write('.claude/settings.json', JSON.stringify(settings));
    expect((await remove()).code).toBe(3);
    await init(['--target', 'bash', '--target', 'zsh', '--replace']);
    expect(await remove()).toMatchObject({ code: 0 });
    expect(box.read('.claude/settings.json')).toBe(JSON.stringify(settings));
  });

  it('of this folder are found too', async () => {
    const file = box.writeHere('.claude/settings.local.json', '{"env":{"ANTHROPIC_DEFAULT_OPUS_MODEL":"z-ai/glm-4.7"}}');
    const ran = await remove('--json');
    expect(ran.code).toBe(1);
    expect(ran.json().findings).toMatchObject([{ code: 'LEFT_BEHIND', subject: file }]);
    const elsewhere = path.join(box.cwd, 'elsewhere');
    mkdirSync(elsewhere);
    expect((await box.orcc(['remove', '--yes'], { cwd: elsewhere })).code).toBe(3);
  });
});

describe('a model that /model saved and only OpenRouter knows', () => {
  const saved = '{\n  "model": "z-ai/glm-4.7",\n  "theme": "dark"\n}\n';

  it('is offered to go with switch --native, and comes back with undo', async () => {
    await init(['--target', 'bash']);
    box.write('.claude/settings.json', saved);
    const ran = await box.orcc(['switch', '--native'], {
      answers: [
        { to: /model/, give: true },
        { to: /Anthropic/, give: true },
      ],
    });
    expect(ran.code).toBe(0);
    expect(box.read('.claude/settings.json')).toBe('{\n  "theme": "dark"\n}\n');
    expect(await box.orcc(['undo', '--yes'])).toMatchObject({ code: 0 });
    expect(box.read('.claude/settings.json')).toBe(saved);
  });

  it('stays under --yes, and is said', async () => {
    await init(['--target', 'bash', '--target', 'user']);
    const settings = box.settings();
    box.write('.claude/settings.json', JSON.stringify({ ...settings, model: 'z-ai/glm-4.7' }), 0o600);
    const ran = await box.orcc(['switch', '--native', '--yes']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('z-ai/glm-4.7');
    expect(box.read('.claude/settings.json')).toBe('{"model":"z-ai/glm-4.7"}');
    const gone = await remove('--json');
    expect(gone.code).toBe(1);
    expect(codes(gone)).toEqual(['LEFT_BEHIND']);
  });

  it('stays where Claude Code itself knows it', async () => {
    await init(['--target', 'user']);
    const settings = box.settings();
    box.write('.claude/settings.json', JSON.stringify({ ...settings, model: 'opus[1m]' }), 0o600);
    expect(await box.orcc(['remove', '--dry-run'])).toMatchObject({ code: 0 });
    expect(await remove()).toMatchObject({ code: 0 });
    expect(box.read('.claude/settings.json')).toBe('{"model":"opus[1m]"}');
  });
});

describe('a home that was moved or copied', () => {
  const files = ['.bashrc', '.profile', '.zshrc'] as const;

  /** A home with everything in it, and a copy of it elsewhere. */
  async function copyHome(schema: 1 | 2): Promise<string> {
    for (const name of files) box.write(name, `# ${name}\n`);
    box.write('.claude/settings.json', '{"theme":"dark"}', 0o644);
    await init(ALL);
    if (schema === 1) makeOld();
    const copy = path.join(box.cwd, 'copy');
    cpSync(box.home, copy, { recursive: true });
    return copy;
  }

  /** Absolute paths, as 0.1.0 wrote them. */
  function makeOld(): void {
    const folder = box.at('.config/orcc');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.json'));
    let sums: readonly (readonly [before: string, now: string])[] = [];
    // The receipt last: it holds the sums of the others.
    for (const name of names.toSorted((a, b) => Number(a.includes('receipt')) - Number(b.includes('receipt')))) {
      const file = path.join(folder, name);
      const before = readFileSync(file, 'utf8');
      const old = before.replaceAll('"~/', `"${box.home}/`).replace('"schemaVersion": 2', '"schemaVersion": 1');
      writeFileSync(
        file,
        sums.reduce((text, [was, is]) => text.replaceAll(was, is), old),
      );
      sums = [...sums, [sha256(before), sha256(old)]];
    }
  }

  it.each([2, 1] as const)('is taken out whole, and the other one is not touched (schema %s)', async (schema) => {
    const copy = await copyHome(schema);
    const before = box.tree();
    expect(await box.orcc(['remove', '--yes'], { env: { HOME: copy } })).toMatchObject({ code: 0 });
    for (const name of files) expect(readFileSync(path.join(copy, name), 'utf8')).toBe(`# ${name}\n`);
    expect(readFileSync(path.join(copy, '.claude/settings.json'), 'utf8')).toBe('{"theme":"dark"}');
    expect(statSync(path.join(copy, '.claude/settings.json')).mode & 0o777).toBe(0o644);
    const rest = Object.fromEntries(Object.entries(before).filter(([name]) => name.startsWith('home')));
    expect(Object.fromEntries(Object.entries(box.tree()).filter(([name]) => name.startsWith('home')))).toEqual(rest);
    expect(await remove()).toMatchObject({ code: 0 });
  });

  it.each([2, 1] as const)('is undone there (schema %s)', async (schema) => {
    const copy = await copyHome(schema);
    const before = box.read('.zshrc');
    expect(await box.orcc(['undo', '--yes'], { env: { HOME: copy } })).toMatchObject({ code: 0 });
    for (const name of files) expect(readFileSync(path.join(copy, name), 'utf8')).toBe(`# ${name}\n`);
    expect(box.read('.zshrc')).toBe(before);
  });

  it('works on: switch writes there', async () => {
    const copy = await copyHome(1);
    expect(await box.orcc(['switch', 'value', '--yes', '--offline'], { env: { HOME: copy } })).toMatchObject({ code: 0 });
    expect(readFileSync(path.join(copy, '.zshrc'), 'utf8')).not.toBe(box.read('.zshrc'));
    expect(readFileSync(path.join(copy, '.config/orcc/state.json'), 'utf8')).not.toContain(box.home);
  });
});
