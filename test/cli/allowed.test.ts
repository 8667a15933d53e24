import { mkdirSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeModel } from '../../src/openrouter/suitability.ts';
import { makeModel } from '../support/models.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

/** An account whose guardrail lets Anthropic's models and Z.ai's through. */
const guarded = { MY_KEY: simulator.keys.guarded };
const asked = (from = 0): string[] => simulator.requests.slice(from).flatMap(({ url }) => (url.endsWith('/models/user') ? [url] : []));
/** What is said of such a model, as of one that has no other fault. */
const REASON = judgeModel(makeModel({ barred: true }), 0)
  .problems.map(({ reason }) => reason)
  .join();

describe('a model that the account does not allow', () => {
  it('is named by init, switch and doctor, and by none of them where it is allowed or nobody may be asked', async () => {
    const ran = await initIn(box, simulator, ['--target', 'user', '--haiku', 'minimax/minimax-m3'], { env: guarded });
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain(`haiku -> minimax/minimax-m3: ${REASON}`);
    expect(ran.stderr).not.toContain(`opus -> z-ai/glm-4.7: ${REASON}`);

    const switched = await box.orcc(['switch', 'haiku=openai/gpt-5.6-luna', '--yes']);
    expect(switched).toMatchObject({ code: 0 });
    expect(switched.stderr).toContain(`haiku -> openai/gpt-5.6-luna: ${REASON}`);
    const codes = (await box.orcc(['doctor', '--json'])).json().findings?.map(({ code }: { code: string }) => code);
    expect(codes).toContain('MODEL_NOT_ALLOWED');

    const before = simulator.requests.length;
    expect((await box.orcc(['switch', 'haiku=qwen/qwen3-coder-next', '--offline', '--yes'])).stderr).not.toContain(REASON);
    expect(asked(before)).toEqual([]);
    expect((await box.orcc(['switch', 'haiku=z-ai/glm-4.7-flash', 'sonnet=z-ai/glm-4.7', '--yes'])).stderr).not.toContain(REASON);
    expect(asked(before)).toHaveLength(1);
  });

  it('is no word in the cache, which other keys read', async () => {
    await initIn(box, simulator, ['--target', 'user'], { env: guarded });
    expect(JSON.stringify(box.read('.config/orcc/cache/models.json'))).not.toContain('barred');
  });

  it('is named by check, whose exit code tells of the comparison alone', async () => {
    const repo = path.join(box.cwd, 'repo');
    mkdirSync(repo);
    execFileSync('git', ['init', '-q', repo]);
    const mapping = { opus: 'z-ai/glm-4.7', sonnet: 'z-ai/glm-4.7', haiku: 'qwen/qwen3-coder-next' };
    writeFileSync(path.join(repo, 'orcc.json'), JSON.stringify({ schemaVersion: 1, mapping }));
    await initIn(box, simulator, ['--target', 'user', '--opus', 'z-ai/glm-4.7', '--sonnet', 'z-ai/glm-4.7', '--haiku', mapping.haiku], {
      env: guarded,
      cwd: repo,
    });
    const ran = await box.orcc(['check', '--json'], { cwd: repo });
    expect(ran.json()).toMatchObject({
      data: { notAllowed: ['qwen/qwen3-coder-next'] },
      findings: [{ code: 'MODEL_NOT_ALLOWED', subject: 'haiku' }],
    });
    expect(ran.code).toBe(0);
    const before = simulator.requests.length;
    const offline = await box.orcc(['check', '--offline', '--json'], { cwd: repo });
    expect(offline.json()).toMatchObject({ data: { notAllowed: null }, findings: [] });
    expect(simulator.requests.length).toBe(before);
    const text = await box.orcc(['check'], { cwd: repo });
    expect(text.stderr).toContain('haiku: ');
    expect(text.stderr).toContain('openrouter.ai/settings/privacy');
  });
});
