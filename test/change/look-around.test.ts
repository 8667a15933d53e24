import { describe, expect, it } from 'vitest';
import { lookAt, otherFolders, placesToLook, type LookedPlace } from '../../src/change/look-around.ts';
import type { TargetState } from '../../src/config/state.ts';
import type { KeySource } from '../../src/edit/shell/types.ts';
import type { TargetId } from '../../src/targets/types.ts';
import { HOME, machineWith } from '../support/machine.ts';
import { shellContext } from '../support/shell-context.ts';
import { CONTENT, textAfter } from '../support/start-files.ts';

const BLOCK = textAfter('sh', '');
const { own } = machineWith();
const at = (target: TargetId, path: string): LookedPlace => ({ target, path });

describe('the places to look for what is orcc’s', () => {
  const record = (id: TargetId, path: string): TargetState => ({
    ...{ id, path, created: false, modeBefore: null, carries: 'setup', members: [] },
  });
  const answer =
    (folder: string) =>
    ({ args }: { readonly args: readonly string[] }) => ({
      stdout: (args.at(-1) ?? '').replace(/^print -rn -- "(.*)<.*>(.*)"$/s, `$1<${folder}>$2`),
    });

  it('are those of the records, of the shell, of this environment and the usual ones, each once', async () => {
    const env = { ZDOTDIR: '/env', USER_ZDOTDIR: '/user', XDG_CONFIG_HOME: '/xdg', CLAUDE_CONFIG_DIR: '/claude', OTHER: '1' };
    const ctx = shellContext({ env, files: { '/user/.zshrc': '', '/env/.zshrc': '' }, programs: { zsh: answer('/asked') } });
    expect(await placesToLook(ctx, ['user', 'zsh', 'fish'], [record('bash', '/old/.bashrc'), record('zsh', '/asked/.zshrc')])).toEqual([
      at('bash', '/old/.bashrc'),
      at('zsh', '/asked/.zshrc'),
      at('zsh', '/user/.zshrc'),
      at('zsh', `${HOME}/.zshrc`),
      at('fish', '/xdg/fish/conf.d/orcc.fish'),
      at('fish', `${HOME}/.config/fish/conf.d/orcc.fish`),
      at('user', '/claude/settings.json'),
      at('user', `${HOME}/.claude/settings.json`),
    ]);
    expect(ctx.calls).toHaveLength(1);
    const without = shellContext({ env: { ZDOTDIR: '/env' }, files: { '/env/.zshrc': '' } });
    expect(await placesToLook(without, ['zsh'], [])).toEqual([at('zsh', '/env/.zshrc'), at('zsh', `${HOME}/.zshrc`)]);
  });

  it('are the usual ones as far as files tell, without asking a shell again', async () => {
    const files = { [`${HOME}/.zshenv`]: 'ZDOTDIR=~/zsh\n' };
    const ctx = shellContext({ files, programs: { zsh: answer('/asked') } });
    expect(await placesToLook(ctx, ['zsh'], [])).toEqual([at('zsh', '/asked/.zshrc'), at('zsh', `${HOME}/zsh/.zshrc`)]);
    expect(ctx.calls).toHaveLength(1);
  });

  it('are one for the project and the user in the home folder', async () => {
    const ctx = { ...shellContext(), cwd: HOME };
    expect(await placesToLook(ctx, ['project', 'user'], [])).toEqual([at('user', `${HOME}/.claude/settings.json`)]);
  });
});

describe('what is orcc’s in a file', () => {
  const ours = JSON.stringify({ model: 'z-ai/glm-4.7' });
  const files: Readonly<Record<string, string>> = {
    ...{
      block: BLOCK,
      damaged: BLOCK.replace(/# <<<.*/, ''),
      newer: BLOCK.replace('v=1', 'v=2'),
      plain: 'a=1\n',
      unreadable: `${BLOCK}\0`,
    },
    ...{ ours, theirs: '{"model":"opus"}' },
  };
  const bytesOf = (path: string): Uint8Array | null => (files[path] === undefined ? null : Buffer.from(files[path]));

  it('is a block of any kind in a start-up file, members in a settings file', () => {
    const shells = ['block', 'damaged', 'newer', 'plain', 'unreadable', 'missing', 'ours'].map((path) => at('bash', path));
    const settings = ['theirs', 'ours', 'block', 'missing'].map((path) => at('user', path));
    expect(lookAt([...shells, ...settings], bytesOf, { own, baseUrl: undefined, platform: 'linux' })).toEqual({
      blocks: [at('bash', 'block'), at('bash', 'damaged'), at('bash', 'newer')],
      strays: [{ ...at('user', 'ours'), members: [['model']] }],
    });
  });
});

describe('other folders of orcc’s', () => {
  const withKey = (key: KeySource): string => textAfter('sh', '', { desired: { ...CONTENT, key } });
  const inFile = (path: string): string => withKey({ kind: 'file', path });
  const found = (texts: readonly (string | null)[], target: TargetId = 'bash'): readonly string[] =>
    otherFolders(
      texts.map((_text, index) => at(target, String(index))),
      (path) => {
        const text = texts[Number(path)] ?? null;
        return text === null ? null : Buffer.from(text);
      },
      { folder: own.folder, home: HOME, platform: 'linux' },
    );

  it('are those from which a block reads the key, each once', () => {
    const other = inFile('/x/orcc/key');
    expect(found([other, inFile(own.key), inFile('/y/orcc/key'), inFile('/z/elsewhere/key'), other])).toEqual(['/x/orcc', '/y/orcc']);
    expect(found([other + inFile('/y/orcc/key')])).toEqual(['/x/orcc', '/y/orcc']);
  });

  it('are none where the key is no file’s, the block is damaged, or there is no start-up file', () => {
    const other = inFile('/x/orcc/key');
    const others = [
      withKey({ kind: 'env', name: 'MY_KEY' }),
      withKey({ kind: 'literal', value: '/x/orcc/key' }),
      withKey({ kind: 'command', command: '/x/orcc/key' }),
    ];
    expect(found([null, 'a=1\n', other.replace(/# <<<.*/, ''), `${other}\0`, ...others])).toEqual([]);
    expect(found([other], 'user')).toEqual([]);
  });
});
