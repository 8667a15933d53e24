import type { Env } from '../../src/core/context.ts';
import { type Checked, CHECKS } from '../../src/doctor/checks/index.ts';
import { runChecks } from '../../src/doctor/checks/index.ts';
import type { Observed, Configured } from '../../src/doctor/observed.ts';
import { type ShellAssignment, effectiveMapping } from '../../src/claude/layers.ts';
import { readLayers } from '../../src/claude/layers.ts';
import type { MemoryFile } from '../support/memory-files.ts';
import { memoryFiles } from '../support/memory-files.ts';

export const USER = '/home/u/.claude/settings.json';
export const PROJECT = '/w/.claude/settings.json';
export const LOCAL = '/w/.claude/settings.local.json';
export const BASHRC = '/home/u/.bashrc';
export const TOKEN = 'sk-or-v1-0123456789abcdef0123456789abcdef';

/** What orcc writes into user settings for the healthy machine. */
export const MAPPED = {
  ANTHROPIC_DEFAULT_OPUS_MODEL: 'z-ai/glm-4.7',
  ANTHROPIC_DEFAULT_SONNET_MODEL: 'qwen/qwen3-coder-next',
  ANTHROPIC_DEFAULT_HAIKU_MODEL: 'z-ai/glm-4.7-flash',
  ANTHROPIC_DEFAULT_FABLE_MODEL: 'z-ai/glm-4.7',
  ANTHROPIC_MODEL: 'sonnet',
  CLAUDE_CODE_MAX_OUTPUT_TOKENS: '32000',
  CLAUDE_CODE_MAX_CONTEXT_TOKENS: '198800',
  ANTHROPIC_DEFAULT_MODEL: 'qwen/qwen3-coder-next',
};
export const ENV: Readonly<Record<string, string>> = {
  ANTHROPIC_BASE_URL: 'https://openrouter.ai/api',
  ANTHROPIC_AUTH_TOKEN: TOKEN,
  ANTHROPIC_API_KEY: '',
  ...MAPPED,
};

export const CONFIGURED: Configured = {
  baseUrl: 'https://openrouter.ai/api',
  variables: Object.entries(MAPPED).map(([name, value]) => ({ name, value })),
  autoMode: 'off',
  helper: false,
};

export interface Machine {
  /** Settings files and others by absolute path; objects are written as JSON. */
  readonly files?: Readonly<Record<string, unknown>>;
  /** This terminal's environment. */
  readonly env?: Env;
  /** What the start-up files give. */
  readonly startup?: readonly ShellAssignment[];
  readonly change?: Partial<Observed>;
  /** false: orcc was never set up here. */
  readonly isSetUp?: boolean;
}

/** User settings as orcc leaves them, with single variables changed; undefined takes one out. */
export function userSettings(
  changes: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const env = Object.fromEntries(Object.entries({ ...ENV, ...changes }).filter(([, value]) => value !== undefined));
  return { env, permissions: { disableAutoMode: 'disable' }, ...more };
}

/** Assignments as the block in `.bashrc` gives them. */
export function block(values: Readonly<Record<string, string>> = ENV): readonly ShellAssignment[] {
  return Object.entries(values).map(([name, value], index) => ({ name, value, file: BASHRC, line: index + 2 }));
}

/** A healthy machine with the given differences. */
export function observed({
  files = { [USER]: userSettings() },
  env = {},
  startup = [],
  change = {},
  isSetUp = true,
}: Machine = {}): Observed {
  const table = Object.fromEntries(
    Object.entries(files).map(([path, file]): [string, string | MemoryFile] => [
      path,
      isMemoryFile(file) ? file : { text: typeof file === 'string' ? file : JSON.stringify(file), mode: 0o600 },
    ]),
  );
  const layers = readLayers({ fs: memoryFiles(table), env, home: '/home/u', platform: 'linux', cwd: '/w' }, { shellAssignments: startup });
  return {
    platform: 'linux',
    home: '/home/u',
    now: Date.parse('2026-11-22T12:00:00Z'),
    layers,
    views: [
      { from: 'startup', name: 'in new terminals', mapping: effectiveMapping(layers, 'startup') },
      { from: 'process', name: 'in this terminal', mapping: effectiveMapping(layers, 'process') },
    ],
    claude: { installed: true, path: '/usr/bin/claude', version: '2.1.330', support: 'supported' },
    state: { path: '/home/u/.claude.json', state: 'ok', onboarded: true, trusted: true, login: false, apiKey: false },
    saved: { login: change.state?.login ?? false },
    sessions: [],
    ...(isSetUp ? { configured: CONFIGURED } : {}),
    own: isSetUp ? [{ id: 'user', path: USER }] : [],
    outdated: [],
    handWritten: [],
    blocks: [],
    keyFiles: [],
    exposures: [],
    git: new Map(),
    models: (id) => FACTS[id],
    ...change,
  };
}

const FACTS: Readonly<Record<string, ReturnType<Observed['models']>>> = {
  'z-ai/glm-4.7': { window: 204_800, maxOutput: 131_072 },
  'qwen/qwen3-coder-next': { window: 262_144, maxOutput: 65_536 },
  'z-ai/glm-4.7-flash': { window: 202_752, maxOutput: 32_768 },
};

function isMemoryFile(file: unknown): file is MemoryFile {
  return typeof file === 'object' && file !== null && ('text' in file || 'fails' in file);
}

/** `CODE severity` of everything found; doctor's own order. */
export function codes(machine?: Machine): readonly string[] {
  return found(machine).flatMap((each) => each.findings.map(({ code, severity }) => `${code} ${severity}`));
}

export function found(machine?: Machine): readonly Checked[] {
  return runChecks(observed(machine), CHECKS);
}

/** The fixes offered for one code. */
export function fixes(code: string, machine?: Machine): readonly unknown[] {
  return found(machine).flatMap((each) => each.fixes.filter((fix) => fix.code === code));
}
