import { isObject } from '../text/json.ts';
type Kind = 'string' | 'number' | 'boolean' | 'object' | 'array' | '"disable"';

/**
 * Members for which a wrong type makes Claude Code ignore the whole file, measured one by one on
 * 2.1.330. Members that it merely skips (`hooks`, `modelSettings`, `effortLevel`) are not listed.
 */
const TYPES: readonly (readonly [path: string, kind: Kind])[] = [
  ['env', 'object'],
  ['model', 'string'],
  ['apiKeyHelper', 'string'],
  ['permissions', 'object'],
  ['permissions.allow', 'array'],
  ['permissions.deny', 'array'],
  ['permissions.ask', 'array'],
  ['permissions.additionalDirectories', 'array'],
  ['permissions.defaultMode', 'string'],
  ['permissions.disableAutoMode', '"disable"'],
  ['permissions.disableBypassPermissionsMode', '"disable"'],
  ['disableAutoMode', '"disable"'],
  ['fallbackModel', 'array'],
  ['availableModels', 'array'],
  ['modelOverrides', 'object'],
  ['statusLine', 'object'],
  ['enabledPlugins', 'object'],
  ['sandbox', 'object'],
  ['attribution', 'object'],
  ['cleanupPeriodDays', 'number'],
  ['includeCoAuthoredBy', 'boolean'],
  ['alwaysThinkingEnabled', 'boolean'],
  ['skipWebFetchPreflight', 'boolean'],
  ['enableAllProjectMcpServers', 'boolean'],
  ['disableAllHooks', 'boolean'],
  ['outputStyle', 'string'],
  ['language', 'string'],
];

interface Mismatch {
  readonly path: readonly string[];
  /** A clause that says what it must be. */
  readonly reason: string;
}

/** The first member of a settings.json with a type that makes Claude Code ignore the file; undefined if there is none. */
export function findTypeError(value: Readonly<Record<string, unknown>>): Mismatch | undefined {
  for (const [path, kind] of TYPES) {
    const names = path.split('.');
    const found = names.reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), value);
    if (found !== undefined && !is(found, kind)) return { path: names, reason: `\`${path}\` must be ${article(kind)}` };
  }
  return undefined;
}

function is(value: unknown, kind: Kind): boolean {
  if (kind === '"disable"') return value === 'disable';
  if (kind === 'array') return Array.isArray(value);
  if (kind === 'object') return isObject(value);
  return typeof value === kind;
}

function article(kind: Kind): string {
  if (kind === '"disable"') return kind;
  return `${/^[aeo]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
