import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { initIn, useBox, useSimulator } from '../support/use.ts';

/** Names the files of dist that a program has loaded when it ends. */
const PROBE = `process.on('exit', () => {
  const files = Object.keys(require.cache).map((file) => require('node:path').parse(file));
  const loaded = files.filter(({ dir }) => /dist$/.test(dir)).map(({ name }) => name);
  require('node:fs').writeFileSync(process.env.LOADED_FILE, loaded.join(' '));
});`;

const simulator = await useSimulator();
const box = useBox();

async function loadedBy(args: string): Promise<readonly string[]> {
  const [probe, list] = [path.join(box.cwd, 'probe.cjs'), path.join(box.cwd, 'loaded')];
  writeFileSync(probe, PROBE);
  await box.bin(args.split(' '), { env: { ...box.env, NODE_OPTIONS: `--require=${probe}`, LOADED_FILE: list } });
  return readFileSync(list, 'utf8').split(' ');
}

/** What it takes and no more: a source that two of these files share lands in one of them, and brings all of it along. */
describe('a command loads no file of another', () => {
  it.each([
    ['--version', ''],
    ['--help', 'main flags parse-commander table rolldown-runtime'],
    ['statusline', 'main prices statusline transcript-lines'],
    ['env', 'main env'],
    ['status --json', 'main env machine prices status'],
    ['models glm --json --offline', 'main env prices table catalog models rolldown-runtime'],
    ['switch opus=z-ai/glm-5.3 --yes --offline --json', 'main env machine prices table catalog records switch rolldown-runtime'],
  ])('%s', async (args, files) => {
    await initIn(box, simulator, ['--target', 'bash', '--target', 'user']);
    expect((await loadedBy(args)).toSorted()).toEqual(files.split(' ').toSorted());
  });

  it('status needs none of doctor where a folder sets the base URL, either', async () => {
    mkdirSync(path.join(box.cwd, '.claude'), { recursive: true });
    writeFileSync(path.join(box.cwd, '.claude', 'settings.json'), '{"env":{"ANTHROPIC_BASE_URL":"http://127.0.0.1:9"}}');
    expect(await loadedBy('status --json')).not.toContain('doctor');
  });

  it('orcc doctor needs neither the wizard, nor what writes, nor what asks OpenRouter, nor commander', async () => {
    await initIn(box, simulator, ['--target', 'user']);
    const loaded = await loadedBy('doctor --offline --json');
    expect(loaded).toContain('doctor');
    expect(loaded.filter((name) => ['init', 'switch', 'http', 'parse-commander'].includes(name))).toEqual([]);
  });
});
