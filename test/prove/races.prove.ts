import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../support/sandbox.ts';
import { readTree } from '../support/tree.ts';
import { initWords, useBox } from '../support/use.ts';

const KEY = `sk-or-v1-${'0123456789abcdef'.repeat(4)}`;
const INIT = initWords(['--key-stdin']);
const EVERYWHERE = ['--target', 'bash', '--target', 'fish', '--target', 'user', '--replace'];
const box = useBox();

const read = (name: string): string => box.read(name) ?? '';
const orcc = (...args: readonly string[]): Promise<RunResult> => box.bin(args, { input: `${KEY}\n`, timeout: 120_000 });

describe('50 built programs at once, and other people’s editors beside them', () => {
  it('end well, every one, and lose nothing of anyone’s', async () => {
    box.write('.profile', '. ~/.bashrc\n');
    box.write('.bashrc', '# mine\n[ -z "$PS1" ] && return\nalias a=b\n', 0o640);
    box.write(
      '.claude/settings.json',
      '{\n  "model": "x",\n  "env": {"ANTHROPIC_BASE_URL": "https://a.example", "ANTHROPIC_AUTH_TOKEN": "theirs"}\n}\n',
    );
    const before = readTree(box.home);
    expect(await orcc(...INIT, ...EVERYWHERE)).toMatchObject({ code: 0 });
    let [lines, members] = [0, 0];
    // At the pace at which the programs get on: a clock would be quicker than a busy machine, which has to begin anew each time.
    const edit = (): void => {
      appendFileSync(box.at('.bashrc'), `# theirs ${lines}\n`);
      lines += 1;
      if (lines % 5 !== 0) return;
      // As Claude Code writes: parsed, printed, put in place in one step. It looks once more just before, since an
      // editor that puts back what it read some time ago takes others' changes away, whatever orcc does.
      const file = box.at('.claude/settings.json');
      const text = readFileSync(file, 'utf8');
      const settings = JSON.parse(text) as Record<string, unknown>;
      writeFileSync(`${file}.theirs`, JSON.stringify({ ...settings, [`theirs${members}`]: true }, null, 2), { mode: 0o600 });
      if (readFileSync(file, 'utf8') !== text) return;
      renameSync(`${file}.theirs`, file);
      members += 1;
    };
    const models = ['z-ai/glm-4.7', 'z-ai/glm-5.3', 'minimax/minimax-m3', 'qwen/qwen3-coder-next'];
    const words = Array.from({ length: 50 }, (_, i) => `${['opus', 'sonnet', 'haiku'][i % 3] ?? ''}=${models[i % 4] ?? ''}`);
    const ended = await Promise.all(
      words.map(async (word) => {
        const ran = await orcc('switch', word, '--yes', '--offline');
        edit();
        return ran;
      }),
    );
    expect(ended.filter(({ code }) => code !== 0).map(({ stderr }) => stderr)).toEqual([]);
    const profile = read('.bashrc');
    expect(Array.from({ length: lines }, (_, i) => `# theirs ${i}\n`).filter((line) => !profile.includes(line))).toEqual([]);
    const settings = JSON.parse(read('.claude/settings.json')) as { env: Record<string, string> };
    expect(Array.from({ length: members }, (_, i) => `theirs${i}`).filter((name) => !(name in settings))).toEqual([]);
    const { mapping } = JSON.parse(read('.config/orcc/config.json')) as { mapping: Record<string, string> };
    for (const alias of ['opus', 'sonnet', 'haiku'])
      expect([settings.env[`ANTHROPIC_DEFAULT_${alias.toUpperCase()}_MODEL`], profile.includes(`'${mapping[alias] ?? ''}'`)]).toEqual([
        mapping[alias],
        true,
      ]);
    expect(Object.keys(readTree(box.home)).filter((name) => /lock|\.tmp$|\.orcc-/.test(name))).toEqual([]);
    expect(await orcc('remove', '--yes')).toMatchObject({ code: 0 });
    expect(Object.keys(readTree(box.home))).toEqual(Object.keys(before));
    process.stderr.write(`beside 50 switches: ${lines} lines and ${members} members of others kept\n`);
  });
});
