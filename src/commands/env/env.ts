import * as z from 'zod/mini';
import { API_KEY, AUTH_TOKEN, BASE_URL, RETIRED_VARIABLES, type Variable } from '../../claude/variables.ts';
import { readConfig, recordedVariables, keyUrlOf, type Config, configuredDestination } from '../../config/config.ts';
import { admitUrl } from '../../openrouter/endpoint.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import { ownFiles } from '../../core/folder.ts';
import type { Context } from '../../core/context.ts';
import { OrccError, nothingConfigured } from '../../core/errors.ts';
import { flag, parseIntent } from '../../core/intent.ts';
import { usesKeyFile } from '../../config/storage.ts';
import { readStoredKey } from '../../config/stored-key.ts';
import type { Outcome } from '../../core/outcome.ts';
import { maskKey } from '../../text/text.ts';
import type { BlockContent, KeySource } from '../../edit/shell/types.ts';
import { shellOf } from '../../edit/shell/list.ts';
import { shellIdOf } from '../../targets/types.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell', 'github', 'dotenv'] as const;
const schema = z.object({ shell: z.exactOptional(z.enum(SHELLS)), withKey: flag, to: toFlag, json: flag });
type EnvShell = (typeof SHELLS)[number];

/**
 * `orcc env`: prints the variables of the configured mapping. Shell output reads the key from its file, so that the key ends up in
 * no log; `github` and `dotenv` can't refer to a file and therefore leave out URL and token (design D4) unless `--with-key` is
 * given. Throws exit 2 if there is no file to refer to, 3 if nothing is configured, 4 if there is no key to print.
 */
export async function runEnv(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const own = ownFiles(ctx);
  const config = readConfig(ctx.fs, own.config);
  if (config === undefined) throw nothingConfigured();
  const { baseUrl } = await admitUrl(ctx, configuredDestination(ctx, config), { storedFor: keyUrlOf(config), to: intent.to });
  const key = await readKey(ctx, config, intent.withKey);
  const shell = intent.shell ?? defaultShell(ctx);
  const isElsewhere = shell === 'github' || shell === 'dotenv';
  const limits = isElsewhere
    ? await (await import('../../change/portable-limits.ts')).portableLimits(ctx, config, own.folder)
    : await limitsHere(ctx, config, own.folder);
  const variables = recordedVariables(config, { limits, priceless: isElsewhere });
  if (intent.withKey && key === undefined) {
    throw new OrccError('key', "`--with-key`: there is no key in orcc's storage", { code: 'KEY_MISSING', hint: 'Run `orcc init`' });
  }
  if (!isElsewhere && !intent.withKey && (config.keyStorage.kind === 'profile' || config.keyStorage.kind === 'keychain')) {
    throw new OrccError(
      'usage',
      `The key lives in the ${config.keyStorage.kind === 'profile' ? 'profile itself' : 'keychain'}, so there is no file to refer to`,
      { hint: 'Add `--with-key`, or run `orcc init --key-storage file`' },
    );
  }
  const lines =
    shell === 'github' || shell === 'dotenv'
      ? plainLines(shell, baseUrl, variables, intent.withKey ? key : undefined)
      : shellLines(shell, ctx, baseUrl, variables, keySource(config, own.key, intent.withKey ? key : undefined));
  return {
    exit: 'ok',
    data: {
      shell,
      baseUrl,
      key: key === undefined ? null : maskKey(key),
      variables: Object.fromEntries(variables.map((each) => [each.name, each.value])),
    },
    findings: [],
    isVerbatim: true,
    text: () => lines.join('\n'),
    showsKey: intent.withKey,
    remarks: () => (isElsewhere && !intent.withKey ? 'The base URL and the token are left out: `--with-key` adds both' : ''),
  };
}

/**
 * The stored key. A key that is to be printed is looked for wherever the key storage keeps it, which may start a program (keychain,
 * `command:LINE`); else only in the key file or a variable. Throws exit 4 if the command gives none.
 */
async function readKey(ctx: Context, config: Config, isPrinted: boolean): Promise<string | undefined> {
  const stored = readStoredKey(ctx, config.keyStorage, ownFiles(ctx));
  if (!isPrinted || stored !== undefined || usesKeyFile(config.keyStorage)) return stored;
  return (await import('./key-to-print.ts')).findKeyToPrint(ctx, config);
}

/** The recorded limits; derived again if an older orcc recorded them, since only that needs loading the module. */
async function limitsHere(ctx: Context, config: Config, folder: string): Promise<readonly Variable[]> {
  const { variables } = config.limits;
  if (!variables.some(({ name }) => RETIRED_VARIABLES.includes(name))) return variables;
  return (await import('../../change/portable-limits.ts')).presentLimits(ctx, config, folder);
}

function keySource(
  config: { readonly keyStorage: { readonly kind: string; readonly ref?: string } },
  path: string,
  literal: string | undefined,
): KeySource {
  if (literal !== undefined) return { kind: 'literal', value: literal };
  const { kind, ref = '' } = config.keyStorage;
  if (kind === 'command') return { kind, command: ref };
  return kind === 'env' ? { kind, name: ref } : { kind: 'file', path };
}

function shellLines(
  shell: Exclude<EnvShell, 'github' | 'dotenv'>,
  ctx: Context,
  baseUrl: string,
  variables: BlockContent['variables'],
  key: KeySource,
): readonly string[] {
  const syntax = shellIdOf(shell);
  // Variables that an older orcc exported would otherwise stay in effect in this terminal.
  const left = RETIRED_VARIABLES.filter((name) => ctx.env[name] !== undefined);
  const unset = left.length === 0 ? [] : shellOf(syntax).unset(left);
  return unset.concat(shellOf(syntax).body({ baseUrl, key, variables }, { home: ctx.home, platform: ctx.platform }));
}

/** NAME=value lines. `dotenv` needs quotes; `$GITHUB_ENV` takes the rest of the line literally. */
function plainLines(
  shell: 'github' | 'dotenv',
  baseUrl: string,
  variables: BlockContent['variables'],
  key: string | undefined,
): readonly string[] {
  const quote = (value: string): string => (shell === 'dotenv' ? `'${value.replaceAll("'", "\\'")}'` : value);
  const connection =
    key === undefined
      ? []
      : [
          { name: BASE_URL, value: baseUrl },
          { name: AUTH_TOKEN, value: key },
          { name: API_KEY, value: '' },
        ];
  return [...connection, ...variables].map(({ name, value }) => `${name}=${quote(value)}`);
}

function defaultShell(ctx: Pick<Context, 'env' | 'platform'>): EnvShell {
  const name = (ctx.env['SHELL'] ?? '').split('/').at(-1);
  if (name === 'fish' || name === 'zsh') return name;
  return ctx.platform === 'win32' && name === '' ? 'powershell' : 'bash';
}
