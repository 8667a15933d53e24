import { type ClaudeVersion, UPDATE_HINT } from '../../claude/version.ts';
import type { Context } from '../../core/context.ts';
import { whyIgnored } from '../../claude/settings-file.ts';
import type { Layers, EffectiveMapping } from '../../claude/layers.ts';
import type { Say } from '../../core/say.ts';
import type { StartupAssignment } from '../../targets/startup-outcome.ts';
import { stripControls, shortPath, shortPlace } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';
import { isWsl } from '../../core/wsl.ts';

/** What was found on this machine, for `tellFound`. */
interface Found {
  readonly shell: string;
  readonly claude: ClaudeVersion;
  readonly layers: Layers;
  readonly mapping: EffectiveMapping;
  /** Assignments in start-up files that are not orcc's. */
  readonly startup: readonly StartupAssignment[];
  readonly isConfigured: boolean;
}

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

const PROMISE = 'Nothing is written before you say yes.';

/** Says what is on this machine, in two lines, and what matters about it: settings that have no effect, lines set by hand, old programs. */
export function tellFound(ctx: Pick<Context, 'platform' | 'home' | 'env'>, found: Found, say: Say): void {
  const system = isWsl(ctx.env) ? 'Linux (WSL)' : (SYSTEMS[ctx.platform] ?? ctx.platform);
  const { claude, layers, startup, isConfigured } = found;
  const tell = (text: string): void => say.line(wrap(text, say.style.width, '  '));
  const version = claude.version === undefined ? 'Claude Code of an unknown version' : `Claude Code ${claude.version}`;
  const there = `Found: ${system}, ${found.shell}, ${claude.installed ? version : 'no Claude Code yet'}`;
  const pointed = isConfigured ? undefined : describeBaseUrl(ctx, found);
  tell(pointed === undefined ? there : `${there}. ${PROMISE}`);
  tell(pointed ?? `${isConfigured ? 'orcc is set up already.' : 'Nothing is set up yet.'} ${PROMISE}`);
  if (claude.support === 'old') say.warn(`Claude Code ${claude.version ?? ''} is too old for some of this. ${UPDATE_HINT}`);
  for (const file of layers.settings) {
    const ignored = whyIgnored(file, ctx.home);
    if (ignored !== undefined) say.warn(ignored);
    const { legacy } = file.members;
    if (legacy !== undefined)
      say.warn(
        `${shortPlace({ ...legacy, file: file.path }, ctx.home)} holds an "anthropic" block, which Claude Code ignores; \`orcc doctor --fix\` handles it`,
      );
  }
  const byHand = isConfigured ? [] : startup.filter(({ kind, conditions }) => kind === 'set' && conditions.length === 0);
  for (const file of new Set(byHand.map((each) => each.file))) {
    const lines = byHand.filter((each) => each.file === file);
    tell(`${placeOf(lines, ctx.home)} sets by hand: ${listNames(lines.map(({ name }) => name))}`);
  }
}

function describeBaseUrl(ctx: Pick<Context, 'home'>, { mapping: { baseUrl } }: Found): string | undefined {
  if (baseUrl === undefined) return undefined;
  const { file, line } = baseUrl;
  const where = file === undefined ? 'in this terminal' : `by ${shortPlace({ file, line }, ctx.home)}`;
  return `Claude Code already uses ${stripControls(baseUrl.value)}, ${where}`;
}

/** `~/.bashrc:3-9`: the file of these lines, with the first and the last of them. */
export function placeOf(lines: readonly Pick<StartupAssignment, 'file' | 'line'>[], home: string): string {
  const numbers = lines.map(({ line }) => line);
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  return `${shortPath(lines[0]?.file ?? '', home)}:${first === last ? first : `${first}-${last}`}`;
}

/** `ANTHROPIC_BASE_URL, ANTHROPIC_AUTH_TOKEN and 3 more`. */
function listNames(names: readonly string[]): string {
  const each = [...new Set(names)];
  return each.length <= 3 ? each.join(', ') : `${each.slice(0, 2).join(', ')} and ${each.length - 2} more`;
}
