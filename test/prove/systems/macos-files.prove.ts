import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { needs } from '../../support/prove.ts';
import { initIn, initWords, useBox, useSimulator } from '../../support/use.ts';

const simulator = await useSimulator();

describe.skipIf(needs({ platform: 'darwin' }))('files on macOS', () => {
  const box = useBox();

  it('an access list of a start-up file is still there after init and after remove', async () => {
    const file = box.write('.zshrc', 'export MINE=1\n');
    execFileSync('/bin/chmod', ['+a', 'everyone allow read', file]);
    const list = (): string => execFileSync('/bin/ls', ['-le', file], { encoding: 'utf8' }).split('\n').slice(1).join('\n');
    const before = list();
    expect(before).toContain('everyone');
    expect((await initIn(box, simulator, ['--target', 'zsh'])).code).toBe(0);
    expect(list()).toBe(before);
    expect((await box.bin(['remove', '--yes'])).code).toBe(0);
    expect(list()).toBe(before);
    expect(box.read('.zshrc')).toBe('export MINE=1\n');
  });

  it('an extended attribute (a quarantine mark, a colour) is still there as well', async () => {
    const file = box.write('.zshrc', 'export MINE=1\n');
    execFileSync('/usr/bin/xattr', ['-w', 'com.example.note', 'mine', file]);
    const init = initWords(['--target', 'zsh'], simulator.baseUrl);
    expect((await box.bin(init, { env: { ...box.env, MY_KEY: simulator.key } })).code).toBe(0);
    expect(execFileSync('/usr/bin/xattr', ['-p', 'com.example.note', file], { encoding: 'utf8' }).trim()).toBe('mine');
  });

  it('a folder named in another case is the same folder: remove finds what init wrote there', async () => {
    box.write('.claude/settings.json', '{}\n');
    if (!existsSync(box.at('.CLAUDE/settings.json'))) return;
    const other = { CLAUDE_CONFIG_DIR: box.at('.CLAUDE') };
    expect((await initIn(box, simulator, ['--target', 'user'], { env: other })).code).toBe(0);
    expect((await box.orcc(['remove', '--yes'])).code).toBe(0);
    expect(box.read('.claude/settings.json')).toBe('{}\n');
  });
});
