import { pathsOf } from '../core/paths-of.ts';
import { xdgFolder } from '../core/folder.ts';
import { isThere } from './read-start-file.ts';
import { askPowershell, blockedBy, type PowershellAnswer } from './powershell-ask.ts';
import type { Located, LocateContext, LocateOptions, Target, TargetFile } from './types.ts';
import { keylessEnv } from '../claude/keyless-env.ts';

interface Edition {
  readonly program: string;
  /** The name of its folder below Documents. */
  readonly folder: string;
  readonly title: string;
}

const EDITIONS: readonly Edition[] = [
  { program: 'powershell', folder: 'WindowsPowerShell', title: 'Windows PowerShell 5.1' },
  { program: 'pwsh', folder: 'PowerShell', title: 'PowerShell 7' },
  { program: 'pwsh-preview', folder: 'PowerShell', title: 'PowerShell 7 (preview)' },
];

const SETTINGS_HINT = "write to Claude Code's own settings instead: `--target user`";

const fileOf = (path: string): TargetFile => ({ path, startup: 'every' });

/** CurrentUserAllHosts (`profile.ps1`) of every edition that is installed. */
async function locate(ctx: LocateContext, { ask = true }: LocateOptions = {}): Promise<Located> {
  return ctx.platform === 'win32' ? locateOnWindows(ctx, ask) : locateOnUnix(ctx);
}

/** Outside Windows the path is computed: the rules are short, and nothing redirects it. */
async function locateOnUnix(ctx: LocateContext): Promise<Located> {
  const path = pathsOf(ctx.platform).join(xdgFolder(ctx, 'config'), 'powershell', 'profile.ps1');
  return { files: [fileOf(path)], notes: [], offered: isThere(ctx.fs, path) || ctx.exec.find('pwsh') !== undefined };
}

async function locateOnWindows(ctx: LocateContext, ask: boolean): Promise<Located> {
  const { join } = pathsOf(ctx.platform);
  const files = new Map<string, TargetFile>();
  const notes: string[] = [];
  let blocked: string | undefined;
  let guessed: string | undefined;
  for (const { program, folder, title } of EDITIONS) {
    const path = ctx.exec.find(program) ?? (program === 'powershell' ? systemPowershell(ctx) : undefined);
    if (path === undefined) continue;
    const answer: PowershellAnswer | undefined = ask ? await askPowershell(ctx, path) : undefined;
    const block = answer && blockedBy(answer);
    if (answer !== undefined && block !== undefined) {
      blocked = `PowerShell ${answer.version} ${block}`;
      notes.push(`${blocked}: its profile is left alone`);
      continue;
    }
    if (answer === undefined && guessed === undefined) guessed = await guessDocuments(ctx, ask);
    const profile = answer?.path ?? join(guessed ?? '', folder, 'profile.ps1');
    if (answer === undefined && ask) notes.push(`${title} did not say where its profile is; assuming ${profile}`);
    const key = profile.toLowerCase();
    if (!files.has(key)) files.set(key, fileOf(profile));
  }
  const reason = files.size > 0 ? undefined : (blocked ?? 'no PowerShell was found');
  const hint =
    blocked === undefined
      ? SETTINGS_HINT
      : `${SETTINGS_HINT}; or allow your own scripts with \`Set-ExecutionPolicy -Scope CurrentUser RemoteSigned\`, if your organisation does not control that`;
  return { files: [...files.values()], notes, offered: files.size > 0, ...(reason === undefined ? {} : { refusal: { reason, hint } }) };
}

/** Windows PowerShell is part of Windows, on PATH or not. */
function systemPowershell(ctx: LocateContext): string | undefined {
  const root = ctx.env['SystemRoot'] ?? ctx.env['SYSTEMROOT'] ?? 'C:\\Windows';
  const path = pathsOf('win32').join(root, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  return isThere(ctx.fs, path) ? path : undefined;
}

export const powershell = {
  id: 'powershell',
  title: 'every program started from PowerShell, including other programs that use the Anthropic SDK',
  locate,
  // Not `. $PROFILE`: that is the profile of this host alone, another file.
  reload: () => '. $PROFILE.CurrentUserAllHosts',
} as const satisfies Target;

const REGISTRY_KEY = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\User Shell Folders';

/**
 * Guesses the Documents folder if PowerShell itself gave no answer: what the registry says (OneDrive redirects it), then
 * OneDrive's folder, then the one below the home folder. Callers must say that it is a guess.
 */
async function guessDocuments(ctx: LocateContext, ask: boolean): Promise<string> {
  const { join } = pathsOf('win32');
  const oneDrive = ctx.env['OneDrive'] ?? ctx.env['ONEDRIVE'];
  const candidates = [ask ? await readRegistry(ctx) : undefined, oneDrive === undefined ? undefined : join(oneDrive, 'Documents')];
  return candidates.find((folder) => folder !== undefined && isThere(ctx.fs, folder)) ?? join(ctx.home, 'Documents');
}

async function readRegistry(ctx: LocateContext): Promise<string | undefined> {
  const reg = ctx.exec.find('reg');
  if (reg === undefined) return undefined;
  const { stdout } = await ctx.exec.run(reg, ['query', REGISTRY_KEY, '/v', 'Personal'], { env: keylessEnv(ctx.env), timeoutMs: 3000 });
  const value = /Personal\s+REG_(?:EXPAND_)?SZ\s+(.+?)\s*$/m.exec(stdout)?.[1];
  const upper = new Map(Object.entries(ctx.env).map(([name, text]) => [name.toUpperCase(), text]));
  return value?.replace(/%([^%]+)%/g, (all, name: string) => upper.get(name.toUpperCase()) ?? all);
}
