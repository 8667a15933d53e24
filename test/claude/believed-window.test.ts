import { describe, expect, it } from 'vitest';
import { believe } from '../../src/claude/believed-window.ts';

/** The model, whether 1M was chosen for it, the four variables, autoCompactWindow in settings, and the client. */
interface Case {
  readonly model?: string;
  readonly million?: boolean;
  readonly window?: string;
  readonly compactWindow?: string;
  readonly noMillion?: string;
  readonly output?: string;
  readonly setting?: number;
  readonly version?: string;
}

function belief({ model = 'vend/x', million = false, window, compactWindow, noMillion, output, setting, version }: Case) {
  const values: Record<string, string | undefined> = {
    CLAUDE_CODE_MAX_CONTEXT_TOKENS: window,
    CLAUDE_CODE_AUTO_COMPACT_WINDOW: compactWindow,
    CLAUDE_CODE_DISABLE_1M_CONTEXT: noMillion,
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: output,
  };
  return believe({ model, million, variable: (name) => values[name], setting, version });
}

describe('what Claude Code believes of a window (each row measured on 2.1.330 with /context)', () => {
  it.each<[Case, number]>([
    [{}, 1_000_000],
    [{ noMillion: '1' }, 200_000],
    [{ noMillion: '0' }, 1_000_000],
    [{ window: '128000' }, 128_000],
    [{ window: '2000000', noMillion: '1' }, 2_000_000],
    [{ window: '128k' }, 128],
    [{ window: 'abc' }, 1_000_000],
    [{ window: '0' }, 1_000_000],
    [{ compactWindow: '50000' }, 100_000],
    [{ window: '128000', compactWindow: '150000' }, 128_000],
    [{ setting: 150_000 }, 150_000],
    [{ setting: 99_999 }, 1_000_000],
    [{ setting: 150_000, compactWindow: '120000' }, 120_000],
    [{ million: true, window: '128000' }, 1_000_000],
    [{ million: true, window: '128000', noMillion: '1' }, 128_000],
    [{ million: true, setting: 128_000 }, 128_000],
    [{ model: 'anthropic/claude-sonnet-4.6', window: '128000' }, 200_000],
    [{ model: 'anthropic/claude-opus-4.6', million: true }, 1_000_000],
    [{ model: 'anthropic/claude-opus-5.5', noMillion: '1' }, 200_000],
    [{ version: '2.1.321' }, 200_000],
    [{ version: '2.1.324' }, 1_000_000],
  ])('%j makes a window of %i', (given, believed) => {
    expect(belief(given).window).toBe(believed);
  });

  it.each<[Case, number | undefined]>([
    [{ window: '128000', output: '8192' }, 106_808],
    [{ window: '128000', output: '64000' }, 95_000],
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
    [{ output: '32k' }, 32],
    [{ output: '200000' }, 128_000],
    [{ output: '64000', model: 'anthropic/claude-3-haiku' }, 4096],
  ])('%j asks for %i output tokens', (given, maxOutput) => {
    expect(belief(given).maxOutput).toBe(maxOutput);
  });
});
