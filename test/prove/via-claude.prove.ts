import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { AliasReport } from '../../src/probe/report.ts';
import type { FaultSpec } from '../../src/simulator/fault-spec.ts';
import { bundleProgram } from '../support/bundle-program.ts';
import { needs } from '../support/prove.ts';

const claude = process.env['ORCC_PROVE_CLAUDE'];
const missing =
  needs({ file: claude, fileName: 'ORCC_PROVE_CLAUDE' }) ?? needs({ fact: canIsolate(), factName: 'network namespaces (unshare -rn)' });

const OPUS = { alias: 'opus', model: 'z-ai/glm-4.7' };
const MAPPING = [
  OPUS,
  { alias: 'sonnet', model: 'qwen/qwen3-coder-next' },
  { alias: 'haiku', model: 'z-ai/glm-4.7-flash' },
  { alias: 'fable', model: 'minimax/minimax-m3' },
  { alias: 'subagent', model: 'z-ai/glm-5.3' },
];

/** Faults, the code that orcc gives, and the status that the client reports. */
const FAULTS: ReadonlyArray<readonly [fault: string, code: string, status: number]> = [
  ['auth-unknown-key', 'KEY_BAD', 401],
  ['credits-not-enough-for-max-tokens', 'CREDITS_TOO_LOW_FOR_MAX_TOKENS', 402],
  ['key-limit', 'KEY_LIMIT', 403],
  ['model-unknown', 'MODEL_UNKNOWN', 400],
  ['no-tool-support', 'NO_TOOLS', 404],
  ['data-policy', 'DATA_POLICY', 404],
  ['rate-free-day', 'FREE_QUOTA_DAY', 429],
  ['internal', 'SERVER_ERROR', 500],
];

interface Result {
  readonly exit: string;
  readonly data: { readonly aliases: readonly AliasReport[] };
  readonly leaked: boolean;
  readonly clientRequests: readonly string[];
}

function canIsolate(): boolean {
  try {
    execFileSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(missing)('the real Claude Code, run by `orcc test --via claude`', () => {
  let all: Result;
  let faulty: Result[];
  let temp: string;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'orcc-prove-'));
    const bin = path.join(folder, 'bin');
    temp = path.join(folder, 'tmp');
    for (const each of [bin, temp]) mkdirSync(each);
    symlinkSync(claude ?? '', path.join(bin, 'claude'));
    const driver = path.join(folder, 'driver.mjs');
    await bundleProgram(fileURLToPath(new URL('via-claude.driver.ts', import.meta.url)), driver);
    const cases: { aliases: typeof MAPPING; faults: FaultSpec[] }[] = [
      { aliases: MAPPING, faults: [] },
      ...FAULTS.map(([code]) => ({ aliases: [OPUS], faults: [{ code }] })),
    ];
    const output = execFileSync('unshare', ['-rn', 'sh', '-c', `ip link set lo up && exec "${process.execPath}" "${driver}"`], {
      env: { PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`, HOME: folder, TMPDIR: temp, DRIVER_CASES: JSON.stringify(cases) },
      maxBuffer: 64 * 1024 * 1024,
    });
    [all, ...faulty] = JSON.parse(output.toString()) as [Result, ...Result[]];
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(MAPPING.map(({ alias, model }, index) => [alias, model, index] as const))(
    '%s: a two-turn tool session on %s',
    (_alias, model, index) => {
      const report = all.data.aliases[index];
      expect(report).toMatchObject({
        verdict: 'ok',
        finding: null,
        client: {
          verdict: 'ok',
          usedTool: true,
          correct: true,
          servedModel: expect.stringMatching(new RegExp(`^${model}(?:-\\d{8})?$`)),
          shownModel: model,
        },
      });
    },
  );

  it('calls each model twice, and no other model', () => {
    expect([...all.clientRequests].sort()).toEqual(MAPPING.flatMap(({ model }) => [model, model]).sort());
  });

  it("sends nothing of the user's environment", () => {
    expect([all, ...faulty].map(({ leaked }) => leaked)).toEqual(Array(FAULTS.length + 1).fill(false));
  });

  it.each(FAULTS.map(([fault, code, status], index) => [fault, code, status, index] as const))(
    '%s: orcc says %s, and the client fails with %i',
    (_fault, code, status, index) => {
      const report = faulty[index]?.data.aliases[0];
      expect(report).toMatchObject({ verdict: 'failed', finding: { code }, client: { verdict: 'failed', apiStatus: status } });
    },
  );

  it('leaves nothing in the temporary folder', () => {
    expect(readdirSync(temp).filter((name) => name.startsWith('orcc-claude-'))).toEqual([]);
  });
});
