import { describe, expect, it } from 'vitest';
import type { Ran } from '../support/box.ts';
import { initIn, useSetUp, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useSetUp(async (box) => {
  box.write('.bashrc', PROFILE, 0o640);
  box.write('.profile', '. ~/.bashrc\n', 0o600);
  box.write('.claude/settings.json', SETTINGS, 0o644);
  untouched = users();
  await initIn(box, simulator, ['--target', 'bash', '--target', 'user']);
});

const PROFILE = '# mine\ncase $- in *i*) ;; *) return ;; esac\nalias ll="ls -l"';
const SETTINGS = '{\n\t"theme": "dark"\n}';
let untouched: Record<string, string>;

/** The user's own files, bytes and modes. */
function users(): Record<string, string> {
  return Object.fromEntries(Object.entries(box.tree()).filter(([name]) => !name.startsWith('home/.config')));
}

const undo = (...args: string[]): Promise<Ran> => box.orcc(['undo', ...args]);
const data = (ran: Ran): Readonly<Record<string, unknown>> => ran.json().data;

describe('orcc undo', () => {
  it('gives the files of the last change back, bytes and modes, and keeps the key', async () => {
    const ran = await undo('--yes', '--json');
    expect(ran.code).toBe(0);
    expect(users()).toEqual(untouched);
    expect(data(ran)).toMatchObject({ kind: 'undone', keepsKey: true });
    expect(box.read('.config/orcc/key')).toBe(`${simulator.key}\n`);
    expect((await box.orcc(['status'])).code).toBe(3);
  });

  it('goes one change back at a time, and several by number', async () => {
    const first = users();
    await box.orcc(['switch', 'value', '--yes']);
    const second = users();
    await box.orcc(['switch', 'haiku=z-ai/glm-4.7-flash', '--yes']);
    await undo('--yes');
    expect(users()).toEqual(second);
    await undo('--yes');
    expect(users()).toEqual(first);
    await box.orcc(['switch', 'value', '--yes']);
    await box.orcc(['switch', 'haiku=z-ai/glm-4.7-flash', '--yes']);
    expect(await undo('3', '--yes')).toMatchObject({ code: 0 });
    expect(users()).toEqual(untouched);
  });

  it('asks for a new terminal only where a start-up file changed', async () => {
    expect((await undo('--yes')).stderr).toMatch(/\bterminal\b/);
    await initIn(box, simulator, ['--target', 'user', '--no-auto-mode']);
    expect((await undo('--yes')).stderr).not.toMatch(/\bterminal\b/);
  });

  it('makes the configuration of before count again', async () => {
    await box.orcc(['switch', 'value', '--yes']);
    await undo('--yes');
    const status = data(await box.orcc(['status', '--json']));
    expect(status['aliases']).toMatchObject([{ alias: 'opus', model: 'z-ai/glm-4.7' }, {}, {}, {}, {}]);
    expect(JSON.parse(box.read('.config/orcc/config.json') ?? '').mapping.opus).toBe('z-ai/glm-4.7');
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(users()).toEqual(untouched);
  });

  it('takes out orcc’s part alone where someone else changed the file since, and says so', async () => {
    box.write('.bashrc', `${box.read('.bashrc') ?? ''}\nalias later=1\n`, 0o640);
    const settings = box.settings();
    box.write('.claude/settings.json', `${JSON.stringify({ ...settings, model: 'opus' }, null, 2)}\n`, 0o600);
    const ran = await undo('--yes', '--json');
    expect(ran.code).toBe(0);
    expect(data(ran)['reversed']).toHaveLength(2);
    expect(box.read('.bashrc')).toBe(`${PROFILE}\nalias later=1\n`);
    expect(box.settings()).toEqual({ theme: 'dark', model: 'opus' });
  });

  it('refuses, naming the file, where someone changed orcc’s own part; --force keeps a copy', async () => {
    const edited = (box.read('.bashrc') ?? '').replace("'sonnet'", "'haiku'");
    box.write('.bashrc', edited, 0o640);
    const before = box.tree();
    const ran = await undo('--yes');
    expect(ran.code).toBe(6);
    expect(ran.stderr).toContain('.bashrc');
    expect(box.tree()).toEqual(before);
    const forced = await undo('--yes', '--force', '--json');
    expect(forced.code).toBe(0);
    expect(users()).toEqual(untouched);
    const copies = Object.values(data(forced)['copies'] as Record<string, string>);
    expect(copies).toHaveLength(1);
    expect(box.holding("'haiku'").map((file) => box.at(file))).toContain(copies[0]);
  });

  it('shows the difference under --dry-run, without the key, and changes nothing', async () => {
    const before = box.traces();
    const ran = await undo('--dry-run');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^ *- export ANTHROPIC_MODEL|- {3}export ANTHROPIC_MODEL/m);
    expect(ran.stdout + ran.stderr).not.toContain(simulator.key);
    expect(box.traces()).toEqual(before);
  });

  it('asks on a terminal; a no changes nothing', async () => {
    const before = box.tree();
    expect((await box.orcc(['undo'], { answers: [{ to: /Restore these/, give: false }] })).code).toBe(7);
    expect(box.tree()).toEqual(before);
    expect((await box.orcc(['undo'], { answers: [{ to: /Restore these/, give: true }] })).code).toBe(0);
    expect(users()).toEqual(untouched);
  });

  it('speaks of terminals only where a file that they read came back', async () => {
    for (const words of [
      ['profile', 'save', 'day', '--yes'],
      ['profile', 'delete', 'day', '--yes'],
    ])
      await box.orcc(words);
    const { code, stderr } = await box.orcc(['undo', '--yes']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('terminal') as string });
    expect((await box.orcc(['profile', 'show', 'day'])).code).toBe(0);
  });

  it('can itself not be undone, and ends with exit 3', async () => {
    await undo('--yes');
    const after = box.tree();
    expect((await undo('--yes')).code).toBe(3);
    expect((await undo('9', '--yes')).code).toBe(3);
    expect(box.tree()).toEqual(after);
  });

  it('lists what can be undone, newest first', async () => {
    await box.orcc(['switch', 'value', '--yes']);
    await undo('--yes');
    const { changes } = data(await undo('--list', '--json')) as { changes: { command: string; status: string; files: string[] }[] };
    expect(changes.map((change) => change.command)).toEqual(['undo', 'switch', 'init']);
    expect(changes.map((change) => change.status)).toEqual(['an undo', 'undone', 'can be undone']);
    expect(changes[2]?.files).toContain('~/.bashrc');
    expect((await undo('--list')).stdout).toMatch(/^ +1 +.* init /m);
  });

  it('lists no change beyond one whose backups are gone as one that can be undone', async () => {
    for (let index = 0; index < 7; index += 1)
      await box.orcc(['switch', index % 2 === 0 ? 'haiku=z-ai/glm-4.7' : 'haiku=z-ai/glm-4.7-flash', '--yes']);
    const { changes } = data(await undo('--list', '--json')) as { changes: readonly { status: string }[] };
    const possible = changes.filter(({ status }) => status === 'can be undone').length;
    expect((await undo(String(possible + 1), '--dry-run')).code).toBe(3);
    const back = await undo(String(possible), '--yes');
    expect(back.code, back.stderr).toBe(0);
  });

  it('reaches five changes of files, however many profiles were saved between them', async () => {
    for (let index = 0; index < 8; index += 1) expect((await box.orcc(['profile', 'save', `p${index}`, '--yes'])).code).toBe(0);
    const last = await undo('--yes');
    expect(last.stderr).toContain('`orcc profile save`');
    const list = await box.orcc(['undo', '--list'], { columns: 40 });
    // Each change begins with its number, or with a dash: in a narrow terminal a row is a list of its own.
    expect(list.stdout.split('\n').filter((line) => /^(\d+|-)$/.test(line))).toEqual(['-', '-', ...'12345678']);
    expect(await undo('8', '--yes')).toMatchObject({ code: 0 });
    expect(users()).toEqual(untouched);
  });

  it('can be followed by init, switch and remove as if nothing had been', async () => {
    await undo('--yes');
    expect(await initIn(box, simulator, ['--preset', 'value', '--target', 'user'])).toMatchObject({ code: 0 });
    expect(await box.orcc(['switch', 'guide', '--yes'])).toMatchObject({ code: 0 });
    expect(await box.orcc(['remove', '--yes'])).toMatchObject({ code: 0 });
    expect(users()).toEqual(untouched);
  });
});

describe('before anything was changed', () => {
  it('there is nothing to undo, exit 3, and the list is empty', async () => {
    await box.orcc(['remove', '--yes']);
    const before = box.traces();
    expect((await undo('--yes')).code).toBe(3);
    expect((await undo('--list', '--json')).code).toBe(3);
    expect(box.traces()).toEqual(before);
  });
});
