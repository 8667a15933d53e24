import type { ClaudeVersion } from '../../claude/version.ts';
import { INSTALL_HINT, UPDATE_HINT } from '../../claude/version.ts';
import type { Context } from '../../core/context.ts';
import type { EffectiveMapping } from '../../claude/effective.ts';
import type { Layers } from '../../claude/layers.ts';
import { shortPath } from '../../text/short-path.ts';
import { stripControls } from '../../text/text.ts';
import type { Say } from '../../core/say.ts';

export interface Found {
  readonly shell: string;
  readonly claude: ClaudeVersion;
  readonly layers: Layers;
  readonly mapping: EffectiveMapping;
  readonly isConfigured: boolean;
}

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

/** Step 1 of the wizard: what is on this machine, in two or three lines. */
export function tellFound(ctx: Pick<Context, 'platform' | 'home' | 'env'>, found: Found, say: Say): void {
  const system = ctx.env['WSL_DISTRO_NAME'] === undefined ? (SYSTEMS[ctx.platform] ?? ctx.platform) : 'Linux (WSL)';
  const { claude } = found;
  const version = claude.version === undefined ? 'Claude Code of an unknown version' : `Claude Code ${claude.version}`;
  say.line(`Found: ${system}, ${found.shell}, ${claude.installed ? version : 'no Claude Code yet'}`);
  if (!claude.installed) say.line(say.style.dim(`  ${INSTALL_HINT}. orcc can be set up first.`));
  else if (claude.support === 'old') say.warn(`Claude Code ${claude.version ?? ''} is too old for some of this. ${UPDATE_HINT}`);
  const { baseUrl } = found.mapping;
  if (found.isConfigured) say.line('orcc is set up already: the present values are the defaults below');
  else if (baseUrl !== undefined) {
    const where =
      baseUrl.file === undefined
        ? "this terminal's environment"
        : `${shortPath(baseUrl.file, ctx.home)}${baseUrl.line === undefined ? '' : `:${baseUrl.line}`}`;
    say.line(`Claude Code is pointed at ${stripControls(baseUrl.value)} already, by ${where}`);
  } else say.line('No configuration for another API address yet');
  for (const file of found.layers.settings) {
    if (file.problem !== undefined)
      say.warn(`${shortPath(file.path, ctx.home)}: ${file.problem.reason}; Claude Code ignores the whole file`);
  }
}
