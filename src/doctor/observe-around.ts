import { defined } from '../text/defined.ts';
import { pathsOf } from '../core/paths-of.ts';
import { inflateSync } from 'node:zlib';
import { parse } from 'jsonc-parser';
import * as z from 'zod/mini';
import { keylessEnv } from '../claude/keyless-env.ts';
import { CREDENTIAL_VARIABLES } from '../claude/credentials.ts';
import { OUR_VARIABLES } from '../claude/variables.ts';
import type { Context } from '../core/context.ts';
import { xdgFolder } from '../core/folder.ts';
import { readQuietly } from '../core/look.ts';
import { attempt } from '../text/attempt.ts';

/** A variable that something other than start-up files and Claude Code's settings sets. */
interface GivenVariable {
  readonly name: string;
  /** May be a key. */
  readonly value: string;
  readonly file: string;
}

/** What is around a terminal and gives variables to the programs started there. */
export interface Around {
  /** What the running tmux server gives to new panes; undefined if there is none, or it did not answer. */
  readonly tmux?: ReadonlyMap<string, string>;
  /** `claudeCode.environmentVariables` in VS Code's settings, including this folder's. */
  readonly editor: readonly GivenVariable[];
  /** The tool that set variables of ours in this terminal because of the current folder. */
  readonly folderTool?: { readonly tool: 'direnv' | 'mise'; readonly file?: string; readonly names: readonly string[] };
}

/** Variables that matter wherever they come from. */
const NAMES: readonly string[] = [...new Set([...OUR_VARIABLES, ...CREDENTIAL_VARIABLES])];

/** Milliseconds that tmux gets to answer. */
const LIMIT = 2000;
const EDITORS = ['Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf'];
const LARGEST = 5 * 1024 * 1024;

/** Looks around: asks a running tmux server, reads VS Code's settings and what direnv and mise left in this environment. Never throws. */
export async function observeAround(ctx: Pick<Context, 'fs' | 'env' | 'home' | 'cwd' | 'platform' | 'exec'>): Promise<Around> {
  return { editor: readEditors(ctx), ...defined({ tmux: await askTmux(ctx), folderTool: readFolderTool(ctx.env) }) };
}

async function askTmux(ctx: Pick<Context, 'env' | 'home' | 'exec' | 'platform'>): Promise<ReadonlyMap<string, string> | undefined> {
  const path = ctx.platform === 'win32' ? undefined : ctx.exec.find('tmux');
  if (path === undefined) return undefined;
  // This does not start a server if none is running.
  const options = { env: keylessEnv(ctx.env), cwd: ctx.home, timeoutMs: LIMIT };
  const { code, stdout, timedOut } = await ctx.exec.run(path, ['show-environment', '-g'], options);
  if (code !== 0 || timedOut) return undefined;
  const pairs = stdout.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    const name = line.slice(0, at);
    return at > 0 && NAMES.includes(name) ? [[name, line.slice(at + 1)] as const] : [];
  });
  return new Map(pairs);
}

const editorSchema = z.looseObject({
  'claudeCode.environmentVariables': z.optional(z.array(z.looseObject({ name: z.string(), value: z.optional(z.string()) }))),
});

function readEditors(ctx: Pick<Context, 'fs' | 'env' | 'home' | 'cwd' | 'platform'>): readonly GivenVariable[] {
  const { join } = pathsOf(ctx.platform);
  const base =
    ctx.platform === 'darwin'
      ? join(ctx.home, 'Library', 'Application Support')
      : ctx.platform === 'win32'
        ? (ctx.env['APPDATA'] ?? join(ctx.home, 'AppData', 'Roaming'))
        : xdgFolder(ctx, 'config');
  const server = join(ctx.home, '.vscode-server', 'data', 'Machine', 'settings.json');
  const files = [...EDITORS.map((name) => join(base, name, 'User', 'settings.json')), server, join(ctx.cwd, '.vscode', 'settings.json')];
  return files.flatMap((file) => {
    const read = editorSchema.safeParse(readJsonc(ctx.fs, file));
    const list = read.success ? (read.data['claudeCode.environmentVariables'] ?? []) : [];
    return list.flatMap(({ name, value = '' }) => (NAMES.includes(name) ? [{ name, value, file }] : []));
  });
}

/** VS Code's own settings may hold comments; undefined for anything that can't be read. */
function readJsonc(fs: Context['fs'], file: string): unknown {
  const bytes = readQuietly(fs, file, LARGEST);
  return bytes && attempt((): unknown => parse(Buffer.from(bytes).toString('utf8'), [], { allowTrailingComma: true }));
}

/**
 * direnv keeps what it changed in DIRENV_DIFF, mise in __MISE_DIFF: base64 of deflated text, JSON for the one and MessagePack for
 * the other. In both, a variable's name appears as it is (from their sources).
 */
function readFolderTool(env: Context['env']): Around['folderTool'] {
  for (const [tool, variable] of [
    ['direnv', 'DIRENV_DIFF'],
    ['mise', '__MISE_DIFF'],
  ] as const) {
    const text = inflate(env[variable]);
    const names = text === undefined ? [] : NAMES.filter((name) => text.includes(name) && env[name] !== undefined);
    const file = tool === 'direnv' ? env['DIRENV_FILE'] : undefined;
    if (names.length > 0) return { tool, names, ...(file === undefined ? {} : { file }) };
  }
  return undefined;
}

function inflate(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 1024 * 1024) return undefined;
  return attempt(() => inflateSync(Buffer.from(text, 'base64'), { maxOutputLength: LARGEST }).toString('latin1'));
}
