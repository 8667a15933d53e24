import { describe, expect, it } from 'vitest';
import type { RunInBox } from '../support/box.ts';
import { initIn, useSetUp, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useSetUp(async (box) => {
  await initIn(box, simulator, ['--target', 'bash', '--target', 'user']);
});

/** Fails unless stdout is one document and nothing else, stderr is empty, and no key is in either. */
async function expectDocument(args: readonly string[], options: RunInBox = {}): Promise<void> {
  const ran = await box.orcc([...args, '--json'], options);
  expect(ran.stderr).toBe('');
  expect(ran.stdout).toMatch(/^\{[^]*\}\n$/);
  const document = ran.json();
  expect(Object.keys(document)).toEqual(['schemaVersion', 'command', 'ok', 'data', 'findings']);
  expect([document.schemaVersion, document.command]).toEqual([1, args.filter((word) => /^[a-z]+$/.test(word))[0]]);
  expect(ran.stdout).not.toContain(simulator.key);
  expect(ran.stdout).not.toContain(simulator.key.slice(12, -4));
}

describe('--json prints one document, with no key in it', () => {
  it.each<string[][]>([
    [['init', '--yes']],
    [['init', '--yes', '--haiku', 'deepseek/deepseek-v4-flash', '--dry-run']],
    [['init', '--yes', '--haiku', 'deepseek/deepseek-v4-flash', '--quick']],
    [['test', '--quick']],
    [['test', '--dry-run']],
    [['switch', 'value', '--yes', '--test']],
    [['switch', 'value', '--dry-run']],
    [['switch', '--native', '--yes']],
    [['status']],
    [['status', '--all']],
    [['doctor', '--offline']],
    [['undo', '--list']],
    [['undo', '--dry-run']],
    [['undo', '--yes']],
    [['remove', '--dry-run']],
    [['remove', '--yes']],
    [['explain', 'NO_TOOLS']],
    [['models', 'glm']],
    [['usage']],
    [['env']],
  ])('%j', async (args) => {
    await expectDocument(args);
  });

  it.each([
    ['a word that is none', ['switch', 'nope', '--yes']],
    ['a value that is none', ['init', '--preset', 'nope']],
    ['consent that is missing', ['undo']],
    ['a model that is unknown', ['switch', 'opus=z-ai/glm-4.77', '--yes']],
  ])('for %s, too', async (_what, args) => {
    await expectDocument(args);
  });

  it('where the network fails, and where an error message tries to drive the terminal', async () => {
    simulator.setFaults([{ code: 'html', path: '*' }]);
    await expectDocument(['init', '--yes', '--haiku', 'deepseek/deepseek-v4-flash']);
    simulator.setFaults([{ code: 'terminal-escapes-error', path: '*' }]);
    await expectDocument(['init', '--yes', '--haiku', 'deepseek/deepseek-v4-flash']);
    await expectDocument(['test', '--quick']);
    const { stdout, stderr } = await box.orcc(['test', '--quick']);
    expect(stdout + stderr).not.toContain('\x1b');
  });
});

describe('work that is stopped', () => {
  it('in the live test at the end leaves what was written, exit 130', async () => {
    const stop = new AbortController();
    simulator.setFaults([{ code: 'first-byte-never' }]);
    const http: RunInBox['http'] = (real) => ({
      ...real,
      request: (request) => {
        if (request.url.includes('/messages')) setTimeout(() => stop.abort(), 50);
        return real.request(request);
      },
    });
    const ran = await box.orcc(['init', '--yes', '--haiku', 'deepseek/deepseek-v4-flash', '--quick'], { signal: stop.signal, http });
    expect(ran.code).toBe(130);
    expect(ran.stderr).toContain('Wrote ~/.bashrc');
    expect(box.read('.bashrc')).toContain('deepseek/deepseek-v4-flash');
  });

  it('before the writing leaves every file as it was', async () => {
    const stop = new AbortController();
    simulator.setFaults([{ code: 'first-byte-never', path: '/v1/models' }]);
    const before = box.traces();
    const http: RunInBox['http'] = (real) => ({
      ...real,
      request: (request) => {
        if (request.url.endsWith('/v1/models')) setTimeout(() => stop.abort(), 50);
        return real.request(request);
      },
    });
    const ran = await box.orcc(['init', '--yes', '--haiku', 'deepseek/deepseek-v4-flash'], { signal: stop.signal, http });
    expect(ran.code).toBe(130);
    expect(box.traces()).toEqual(before);
  });
});
