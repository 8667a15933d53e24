import { describe, expect, it } from 'vitest';
import { believe } from '../../src/claude/believed-window.ts';

interface Case {
  readonly model?: string;
  readonly million?: boolean;
  readonly mc?: string;
  readonly acw?: string;
  readonly d1m?: string;
  readonly mo?: string;
  readonly setting?: number;
  readonly version?: string;
}

function belief({ model = 'vend/x', million = false, mc, acw, d1m, mo, setting, version }: Case) {
  const values: Record<string, string | undefined> = {
    CLAUDE_CODE_MAX_CONTEXT_TOKENS: mc,
    CLAUDE_CODE_AUTO_COMPACT_WINDOW: acw,
    CLAUDE_CODE_DISABLE_1M_CONTEXT: d1m,
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: mo,
  };
  return believe({ model, million, variable: (name) => values[name], setting, version });
}

describe('what Claude Code believes of a window (each row measured on 2.1.330 with /context)', () => {
  it.each<[Case, number]>([
    [{}, 1_000_000],
    [{ d1m: '1' }, 200_000],
    [{ d1m: '0' }, 1_000_000],
    [{ mc: '128000' }, 128_000],
    [{ mc: '2000000', d1m: '1' }, 2_000_000],
    [{ mc: '128k' }, 128],
    [{ mc: 'abc' }, 1_000_000],
    [{ mc: '0' }, 1_000_000],
    [{ acw: '50000' }, 100_000],
    [{ mc: '128000', acw: '150000' }, 128_000],
    [{ setting: 150_000 }, 150_000],
    [{ setting: 99_999 }, 1_000_000],
    [{ setting: 150_000, acw: '120000' }, 120_000],
    [{ million: true, mc: '128000' }, 1_000_000],
    [{ million: true, mc: '128000', d1m: '1' }, 128_000],
    [{ million: true, setting: 128_000 }, 128_000],
    [{ model: 'anthropic/claude-sonnet-4.6', mc: '128000' }, 200_000],
    [{ model: 'anthropic/claude-opus-4.6', million: true }, 1_000_000],
    [{ model: 'anthropic/claude-opus-5.5', d1m: '1' }, 200_000],
    [{ version: '2.1.321' }, 200_000],
    [{ version: '2.1.324' }, 1_000_000],
  ])('%j is %i', (given, window) => {
    expect(belief(given).window).toBe(window);
  });

  it.each<[Case, number | undefined]>([
    [{ mc: '128000', mo: '8192' }, 106_808],
    [{ mc: '128000', mo: '64000' }, 95_000],
    [{ million: true }, undefined],
    [{ million: true, setting: 128_000 }, 95_000],
    [{ model: 'anthropic/claude-sonnet-4.5' }, undefined],
    [{ model: 'anthropic/claude-sonnet-4.5', setting: 200_000 }, 167_000],
    [{ model: 'anthropic/claude-sonnet-4.6' }, 167_000],
  ])('%j compacts at %s', (given, at) => {
    expect(belief(given).compactsAt).toBe(at);
  });

  it.each<[Case, number]>([
    [{}, 32_000],
    [{ mo: '32k' }, 32],
    [{ mo: '200000' }, 128_000],
    [{ mo: '64000', model: 'anthropic/claude-3-haiku' }, 4096],
  ])('%j asks for %i output tokens', (given, maxOutput) => {
    expect(belief(given).maxOutput).toBe(maxOutput);
  });
});
