import { afterEach, describe, expect, it } from 'vitest';
import { startPty } from './pty.ts';
import { createSandbox } from './sandbox.ts';

const sandbox = createSandbox();
afterEach(() => sandbox.dispose());

describe.skipIf(process.platform === 'win32')('the pseudo terminal of the tests (Unix)', () => {
  it('types, waits for what is shown, and gives the exit code', async () => {
    const script = `process.stdout.write('name? '); process.stdin.once('data', (t) => { console.log('hello ' + String(t).trim()); process.exit(process.stdout.isTTY ? 7 : 8); })`;
    const pty = startPty(['-e', script], { env: sandbox.env, cwd: '/', file: process.execPath });
    await pty.waitFor('name? ');
    pty.write('ada\r');
    await pty.waitFor(/hello ada/);
    expect(await pty.exit()).toBe(7);
  });

  it('says what the screen shows where the awaited text does not come', async () => {
    const pty = startPty(['-e', `console.log('something else')`], { env: sandbox.env, cwd: '/', file: process.execPath });
    await expect(pty.waitFor('expected')).rejects.toThrow(/something else/);
  });
});
