import { pathsOf } from '../../core/paths-of.ts';
import { isShellTarget } from '../../targets/types.ts';
import type { Context } from '../../core/context.ts';
import { listFolder } from '../../core/look.ts';
import { historyFolder } from '../../apply/journal.ts';
import type { Machine } from '../../change/machine.ts';
import { SETTINGS_NAMES } from '../../claude/paths.ts';
import { fishFolder } from '../../targets/fish.ts';

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd'>;

const PROFILES = [
  '.bashrc',
  '.bash_profile',
  '.bash_login',
  '.bash_aliases',
  '.bash_logout',
  '.profile',
  '.zshrc',
  '.zshenv',
  '.zprofile',
  '.zlogin',
  '.envrc',
  '.env',
  '.xprofile',
  '.pam_environment',
];
const SETTINGS: readonly string[] = Object.values(SETTINGS_NAMES);

/** Start-up files that may hold a key in clear text: every shell's, those that orcc wrote or adopted from, fish's universal variables. */
export function profilePlaces(ctx: Slice, machine: Machine): readonly string[] {
  const { join } = pathsOf(ctx.platform);
  const fish = fishFolder(ctx);
  const powershell = ctx.platform === 'win32' ? ['Documents/PowerShell', 'Documents/WindowsPowerShell'] : ['.config/powershell'];
  const zdotdir = ctx.env['ZDOTDIR'];
  const names = [
    ...PROFILES.map((name) => join(ctx.home, name)),
    ...(zdotdir === undefined ? [] : PROFILES.filter((name) => name.startsWith('.z')).map((name) => join(zdotdir, name))),
    join(fish, 'config.fish'),
    join(fish, 'fish_variables'),
    ...listFolder(ctx.fs, join(fish, 'conf.d')).map((name) => join(fish, 'conf.d', name)),
    ...powershell.flatMap((folder) =>
      listFolder(ctx.fs, join(ctx.home, folder))
        .filter((name) => name.endsWith('.ps1'))
        .map((name) => join(ctx.home, folder, name)),
    ),
    ...machine.state.targets.filter(({ id }) => isShellTarget(id)).map((target) => target.path),
    ...machine.state.adopted.map((each) => each.path),
  ];
  return [...new Set(names)];
}

/** Claude Code's own files except for the settings layers, which other checks of doctor look at. */
export function claudePlaces(ctx: Slice): readonly string[] {
  return [pathsOf(ctx.platform).join(claudeParent(ctx), '.claude.json')];
}

/** Copies that editors, installers and people leave beside a profile or a settings file: `.bashrc~`, `settings.json.bak`. */
export function copyPlaces(ctx: Slice, profiles: readonly string[]): readonly string[] {
  const { join, dirname, basename } = pathsOf(ctx.platform);
  const folders = [ctx.env['CLAUDE_CONFIG_DIR'] ?? join(ctx.home, '.claude'), join(ctx.cwd, '.claude')];
  const originals = [...profiles, ...claudePlaces(ctx), ...folders.flatMap((folder) => SETTINGS.map((name) => join(folder, name)))];
  const found = new Set<string>();
  for (const folder of new Set(originals.map((each) => dirname(each)))) {
    const names = originals.filter((each) => dirname(each) === folder).map((each) => basename(each));
    for (const name of listFolder(ctx.fs, folder)) {
      const isCopy = !names.includes(name) && names.some((base) => isCopyOf(name, base));
      if (isCopy) found.add(join(folder, name));
    }
  }
  return [...found];
}

/** orcc's own backups. */
export function ownBackups(ctx: Slice, machine: Machine): readonly string[] {
  const { join } = pathsOf(ctx.platform);
  const history = historyFolder(ctx, machine.own.folder);
  return listFolder(ctx.fs, history).flatMap((id) =>
    listFolder(ctx.fs, join(history, id))
      .filter((name) => name.endsWith('.bak'))
      .map((name) => join(history, id, name)),
  );
}

function isCopyOf(name: string, base: string): boolean {
  if (name === `.${base}.swp` || name === `${base}.swp` || name === `#${base}#`) return true;
  return (
    name.startsWith(base) &&
    /^(?:~|[._-].*(?:bak|old|orig|save|backup|copy|pre-|swp|\d).*|\.[^.]*~|\.~\d+~)$/i.test(name.slice(base.length))
  );
}

function claudeParent(ctx: Slice): string {
  return ctx.env['CLAUDE_CONFIG_DIR'] ?? ctx.home;
}
