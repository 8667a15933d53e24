import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runSimulate } from '../../src/commands/simulate/simulate.ts';
import type { Output } from '../../src/core/context.ts';
import { OrccError } from '../../src/core/errors.ts';

function output(): Output & { text: string } {
  return {
    text: '',
    write(text: string) {
      this.text += text;
    },
    isTty: false,
    columns: 80,
    colorLevel: 0,
  };
}

/** The command at work; `stop` is Ctrl-C. */
async function start(input: { readonly port?: string; readonly fault?: readonly string[] }) {
  const stop = new AbortController();
  const stdout = output();
  const stderr = output();
  const ended = runSimulate({ stdout, stderr, signal: stop.signal }, input);
  onTestFinished(async () => {
    stop.abort();
    await ended.catch(() => undefined);
  });
  await Promise.race([expect.poll(() => stdout.text).toContain('key'), ended]);
  const baseUrl = /base URL\s+(\S+)/.exec(stdout.text)?.[1] ?? '';
  const key = /key\s+(\S+)/.exec(stdout.text)?.[1] ?? '';
  const ask = async (path: string) => await fetch(`${baseUrl}${path}`, { headers: { authorization: `Bearer ${key}` } });
  return { stop, stdout, stderr, ended, baseUrl, ask };
}

describe('orcc simulate', () => {
  it('prints a base URL and a key that works there, and a line for each request', async () => {
    const { baseUrl, ask, stderr } = await start({});
    expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api$/);
    expect((await ask('/v1/key')).status).toBe(200);
    expect(stderr.text).toContain('GET /api/v1/key -> 200');
  });

  it('never prints the key of a request', async () => {
    const { ask, stderr, stdout } = await start({});
    await ask('/v1/key');
    expect(stderr.text).not.toContain('sk-or-');
    expect(stdout.text.match(/sk-or-/g)).toHaveLength(1);
  });

  it('stops on Ctrl-C and tells how many requests it served', async () => {
    const { ask, stop, ended, baseUrl } = await start({});
    await ask('/v1/models');
    stop.abort();
    expect((await ended).data).toEqual({ baseUrl, requests: 1 });
    await expect(ask('/v1/models')).rejects.toThrow();
  });

  it('answers with the faults asked for', async () => {
    const { ask, stderr } = await start({ fault: ['overloaded@/v1/models*1'] });
    expect((await ask('/v1/models')).status).toBe(529);
    expect((await ask('/v1/models')).status).toBe(200);
    expect(stderr.text).toContain('-> overloaded');
  });

  it.each([{ fault: ['nonsense'] }, { port: '-1' }, { port: '70000' }, { port: '1.5' }, { port: 'NaN' }])(
    'refuses %j before it listens',
    async (input) => {
      await expect(start(input)).rejects.toMatchObject({ exit: 'usage' });
    },
  );

  it('says that a port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const failed = start({ port: String(port) });
    await expect(failed).rejects.toBeInstanceOf(OrccError);
    await expect(failed).rejects.toThrow(String(port));
  });
});
