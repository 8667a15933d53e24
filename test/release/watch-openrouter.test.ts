import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { useSimulator } from '../support/use.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/watch-openrouter.mjs', import.meta.url));

const simulator = await useSimulator();
const folder = mkdtempSync(path.join(tmpdir(), 'orcc-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (baseUrl: string, description: string): Promise<{ code: number | null; report: string }> => {
  const out = path.join(folder, 'report.md');
  rmSync(out, { force: true });
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [SCRIPT, '--base-url', baseUrl, '--description', description, '--out', out], { stdio: 'ignore' });
    child.on('close', (code) => resolve({ code, report: readFileSync(out, 'utf8') }));
  });
};

/** What `/key` answers, as a description has it, of these members. */
const described = (members: readonly string[]): string => {
  const file = path.join(folder, 'openapi.json');
  const properties = Object.fromEntries(members.map((name) => [name, {}]));
  const answer = (schema: object) => ({ responses: { 200: { content: { 'application/json': { schema } } } } });
  const open = { type: 'object', properties: { data: { $ref: '#/components/schemas/Open' } } };
  writeFileSync(
    file,
    JSON.stringify({
      info: { version: '9.9' },
      paths: {
        '/key': { get: answer({ properties: { data: { $ref: '#/components/schemas/Key' } } }) },
        '/credits': {
          get: answer({ properties: { data: { anyOf: [{ type: 'null' }, { properties: { total_credits: {}, total_usage: {} } }] } } }),
        },
        '/models': { get: answer(open) },
      },
      components: { schemas: { Key: { allOf: [{ properties }] }, Open: {} } },
    }),
  );
  return file;
};

describe('the watch over OpenRouter', () => {
  it('says nothing of the catalog that the simulator serves, since presets and list fit it', async () => {
    const { report } = await run(simulator.baseUrl, described(['label']));
    // What was looked at, then one line in place of a list.
    expect(report.split('## Catalog\n')[1]).toMatch(/^\n\d+ models.*\n\n[^-\n].*\n*$/);
  }, 60_000);

  it('names each member that is not described any more, and each endpoint that is gone', async () => {
    const { code, report } = await run(simulator.baseUrl, described(['label', 'limit', 'usage']));
    expect(code).toBe(1);
    expect(report).toContain('GET /key: `data.limit_remaining`');
    expect(report).not.toContain('GET /key: `data.limit`,');
    expect(report).not.toContain('GET /credits');
    expect(report).toMatch(/^- GET \/generation /m);
    expect(report).not.toContain('data.free_model_daily_requests.limit');
  }, 60_000);

  it('names each preset whose model is gone, and rows that cannot be read', async () => {
    const rows = [{ id: 'z-ai/glm-4.7', context_length: '200k', supported_parameters: ['max_tokens'] }, { name: 'no id' }];
    const server = await serve(JSON.stringify({ data: rows }));
    const { code, report } = await run(server.url, described(['label']));
    server.close();
    expect(code).toBe(1);
    expect(report).toContain('1 of 2 rows');
    expect(report).toMatch(/\b0 of 1 models\b.* price/);
    expect(report).toContain('preset guide: `qwen/qwen3-coder-next` ');
    expect(report).toMatch(/\b0 of 1 models\b.* tools/);
    expect(report).toContain('0 of 2 rows');
    expect(report).toContain('preset guide: `z-ai/glm-4.7` no tools');
  }, 60_000);

  it('an OpenRouter that does not answer is told, and no reason to say that all fits', async () => {
    const { code, report } = await run('http://127.0.0.1:9', path.join(folder, 'none.yaml'));
    expect(code).toBe(1);
    expect(report.match(/^- ./gm)).toHaveLength(2);
  }, 60_000);
});

async function serve(body: string): Promise<{ url: string; close: () => void }> {
  const { createServer } = await import('node:http');
  const server = createServer((_request, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
