import { keylessEnv } from '../../claude/keyless-env.ts';
import { findClaude, INSTALL_ARGUMENTS, INSTALL_COMMAND, INSTALL_HINT } from '../../claude/version.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { Say } from '../../core/say.ts';
import { stripControls } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';
import type { InitIntent } from './intent.ts';

/** Milliseconds, enough for some 100 MB over a slow line. */
const PATIENCE_MS = 15 * 60_000;

/**
 * If Claude Code is missing, offers to install it with npm; runs that only after a yes or with `--install-claude`. orcc can be set
 * up without it, so after a no or a failure it goes on. Throws exit 1 for a failure with `--install-claude`, and what
 * stands for Ctrl-C if that ended npm.
 */
export async function offerClaude(ctx: Context, intent: Pick<InitIntent, 'installClaude' | 'dryRun'>, say: Say): Promise<void> {
  if (findClaude(ctx) !== undefined) return;
  const { installClaude, dryRun } = intent;
  const npm = ctx.exec.find('npm');
  if (dryRun || (!installClaude && !ctx.interactive)) {
    if (installClaude) say.line(`Would run \`${INSTALL_COMMAND}\``);
    return;
  }
  if (npm === undefined) {
    if (installClaude)
      throw new OrccError('problems', "npm is not on PATH, so Claude Code can't be installed with it", { hint: INSTALL_HINT });
    say.line(wrap(`${INSTALL_HINT}. You can set up orcc first.`, say.style.width, '  '));
    return;
  }
  if (!installClaude && !(await ctx.ask.confirm(`Install Claude Code now, with \`${INSTALL_COMMAND}\`?`, true))) return;
  const failure = await install(ctx, npm, say);
  if (failure === undefined) return say.ok('Claude Code is installed');
  const message = `\`${INSTALL_COMMAND}\` failed: ${failure}`;
  if (installClaude) throw new OrccError('problems', message, { hint: INSTALL_HINT });
  say.warn(`${message}; continuing without it`);
}

/** Runs npm in the home folder, with no key in its environment. Returns why it failed; undefined if it did not. */
async function install(ctx: Context, npm: string, say: Say): Promise<string | undefined> {
  say.progress(`Running \`${INSTALL_COMMAND}\``);
  const result = await ctx.exec.run(npm, INSTALL_ARGUMENTS, {
    env: keylessEnv(ctx.env),
    cwd: ctx.home,
    timeoutMs: PATIENCE_MS,
    group: true,
    signal: ctx.signal,
  });
  say.clear();
  // Ctrl-C reaches npm too, and is no failure to go on after.
  ctx.signal.throwIfAborted();
  if (result.code === 0) return undefined;
  if (result.timedOut) return `not finished after ${PATIENCE_MS / 60_000} minutes`;
  const said = result.stderr.split('\n').map((line) =>
    stripControls(line)
      .replace(/^npm (?:error|ERR!) ?/, '')
      .trim(),
  );
  const reason = said.find((line) => line !== '' && !/^(?:code|errno|syscall|path) /.test(line));
  return reason ?? (result.code === null ? 'something ended it' : `it exited with ${result.code}`);
}
