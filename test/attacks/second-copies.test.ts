import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { initWords, useBox } from '../support/use.ts';

/** The key stands where its storage says and nowhere else, backups included, whatever way a command takes. */
const FIRST = `sk-or-v1-${'4'.repeat(64)}`;
const SECOND = `sk-or-v1-${'5'.repeat(64)}`;
const box = useBox();
beforeEach(() => {
  box.write('.bashrc', 'alias a=b\n', 0o644);
  box.write('.bash_profile', '. ~/.bashrc\n', 0o644);
});

const orcc = async (args: readonly string[], key = FIRST, also: Readonly<Record<string, string>> = {}): Promise<void> => {
  const ran = await box.orcc(args, { env: { ...box.env, ...also, MY_KEY: key } });
  expect([args, ran.code, ran.stderr]).toEqual([args, 0, expect.any(String)]);
};
const init = (storage: string, ...targets: readonly string[]): Promise<void> => {
  const args = initWords(['--key-storage', storage]);
  return orcc([...args, ...targets.flatMap((target) => ['--target', target])]);
};
const native = () => orcc(['switch', '--native', '--yes']);
const back = () => orcc(['switch', '--back', '--yes', '--offline']);
const remap = (model: string) => orcc(['switch', `opus=${model}`, '--yes', '--offline']);
const undo = () => orcc(['undo', '--yes']);
const KEY_FILE = '.config/orcc/key';

describe('with the key storage profile', () => {
  it.each([
    [['bash'], ['.bashrc']],
    [['user'], ['.claude/settings.json']],
    [
      ['bash', 'user'],
      ['.bashrc', '.claude/settings.json'],
    ],
  ])("%j: the profiles hold it, or orcc's file while Claude Code is on Anthropic", async (targets, profiles) => {
    await init('profile', ...targets);
    const states = [box.tree()];
    const places: string[][] = [box.holding(FIRST)];
    const step = async (work: () => Promise<void>): Promise<void> => {
      await work();
      places.push(box.holding(FIRST));
      states.push(box.tree());
    };
    await step(native);
    await step(back);
    await step(() => remap('z-ai/glm-5.3'));
    await step(native);
    for (let times = 0; times < 4; times += 1) await step(undo);
    expect(places).toEqual([profiles, [KEY_FILE], profiles, profiles, [KEY_FILE], profiles, profiles, [KEY_FILE], profiles]);
    // Each undo gives every byte and mode back, the history apart.
    const visible = (tree: Record<string, string> = {}) => Object.entries(tree).filter(([name]) => !name.includes('orcc/history'));
    expect([5, 6, 7, 8].map((at) => visible(states[at]))).toEqual([3, 2, 1, 0].map((at) => visible(states[at])));
    await orcc(['remove', '--yes']);
    expect(box.holding(FIRST)).toEqual([]);
  });

  it('init taken back leaves the key in the file where the next one finds it, and remove deletes that', async () => {
    const before = box.tree();
    await init('profile', 'bash');
    await undo();
    expect(box.read('.bashrc')).toBe('alias a=b\n');
    expect(box.holding(FIRST)).toEqual([KEY_FILE]);
    await orcc(['remove', '--yes']);
    expect(box.tree()).toEqual(before);
  });

  it('a key that was replaced does not come back, neither by undo nor by --force', async () => {
    await init('profile', 'bash', 'user');
    await remap('z-ai/glm-5.3');
    await orcc(['key', 'set', '--key-env', 'MY_KEY', '--no-check', '--yes'], SECOND);
    expect(box.holding(FIRST)).toEqual([]);
    for (const args of [
      ['undo', '--yes'],
      ['undo', '--yes', '--force'],
      ['undo', '3', '--yes', '--force'],
    ]) {
      const tree = box.tree();
      expect([args, (await box.orcc(args)).code]).toEqual([args, 3]);
      expect(box.tree()).toEqual(tree);
    }
    await native();
    await undo();
    expect([box.holding(FIRST), box.holding(SECOND)]).toEqual([[], ['.bashrc', '.claude/settings.json']]);
  });

  it('where the key was changed by hand since, undo refuses rather than to fill in another', async () => {
    await init('profile', 'bash');
    await native();
    writeFileSync(box.at(KEY_FILE), `${SECOND}\n`);
    const tree = box.tree();
    const ran = await box.orcc(['undo', '--yes', '--force']);
    expect(ran.code).toBe(3);
    expect(box.tree()).toEqual(tree);
  });

  it("where the profile was changed since, orcc's part alone comes back, with the key", async () => {
    await init('profile', 'bash');
    const written = box.read('.bashrc') ?? '';
    await remap('z-ai/glm-5.3');
    writeFileSync(box.at('.bashrc'), `${box.read('.bashrc') ?? ''}alias c=d\n`);
    await undo();
    expect(box.read('.bashrc')).toBe(`${written}alias c=d\n`);
    expect(box.holding(FIRST)).toEqual(['.bashrc']);
  });

  it('a copy that undo --force makes of what it overwrites holds a placeholder', async () => {
    await init('profile', 'bash');
    await remap('z-ai/glm-5.3');
    writeFileSync(box.at('.bashrc'), (box.read('.bashrc') ?? '').replace('ANTHROPIC_MODEL', 'ANTHROPIC_MODEL_OF_MINE'));
    await orcc(['undo', '--yes', '--force']);
    expect(box.holding(FIRST)).toEqual(['.bashrc']);
    expect(box.holding('ANTHROPIC_MODEL_OF_MINE').length).toBe(1);
  });
});

describe('with the key storage file', () => {
  it('a settings file that holds the key leaves none in the backups', async () => {
    await init('file', 'user', 'bash');
    await remap('z-ai/glm-5.3');
    const after = readFileSync(box.at('.claude/settings.json'));
    await native();
    expect(box.holding(FIRST)).toEqual([KEY_FILE]);
    await undo();
    expect(readFileSync(box.at('.claude/settings.json'))).toEqual(after);
    expect(box.holding(FIRST)).toEqual(['.claude/settings.json', KEY_FILE]);
  });

  it("a line of the user's own that holds the same key comes back by undo, and lies in no backup", async () => {
    const own = `export MY_KEY=${FIRST}\n`;
    box.write('.bashrc', own, 0o600);
    await init('file', 'bash');
    expect(box.holding(FIRST)).toEqual(['.bashrc', KEY_FILE]);
    await undo();
    expect(box.read('.bashrc')).toBe(own);
  });

  it('backups of an earlier version lose the key with the next change, and undo works on them', async () => {
    await init('file', 'user');
    const settings = readFileSync(box.at('.claude/settings.json'), 'utf8');
    await remap('z-ai/glm-5.3');
    // As that version left it: the bytes themselves, under the name that the receipt gives.
    const [keyed = ''] = box.holding('<orcc:key>');
    const bare = keyed.replace('.keyed', '.bak');
    const receipt = keyed.replace(/[^/]*$/, 'receipt.json');
    execFileSync('mv', [box.at(keyed), box.at(bare)]);
    writeFileSync(box.at(bare), settings);
    writeFileSync(box.at(receipt), (box.read(receipt) ?? '').replace(/"keyed": "(\d+)\.keyed"/, '"backup": "$1.bak"'));
    await remap('z-ai/glm-4.6');
    expect(box.holding(FIRST)).toEqual(['.claude/settings.json', KEY_FILE]);
    await undo();
    await undo();
    expect(box.read('.claude/settings.json')).toBe(settings);
  });
});

describe('undo of a moved key', () => {
  it('from a variable to the file and back: the variable alone holds it', async () => {
    const args = initWords(['--target', 'bash', '--key-storage', 'env:FROM_USER']);
    const also = { FROM_USER: FIRST };
    await orcc(args, '', also);
    await orcc(['key', 'storage', 'file', '--yes'], '', also);
    await orcc(['undo', '--yes'], '', also);
    expect(box.holding(FIRST)).toEqual([]);
    await orcc(['key', 'storage', 'file', '--yes'], '', also);
    await orcc(['key', 'storage', 'env:FROM_USER', '--yes'], '', also);
    expect(box.holding(FIRST)).toEqual([]);
    // The configuration looks in the file again, so that the key has to be there.
    await orcc(['undo', '--yes'], '', also);
    expect(box.holding(FIRST)).toEqual([KEY_FILE]);
  });
});
