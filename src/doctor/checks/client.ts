import { findAutoModeOff, AUTO_MODE_OFF } from '../../claude/auto-mode.ts';
import { knowsModel } from '../../claude/known-models.ts';
import { isOn } from '../../claude/believed-window.ts';
import { inEffect } from '../../claude/layers.ts';
import { AUTO_MODE_SERVER, DEFAULT_MODEL } from '../../claude/variables.ts';
import { compareVersions, shortcomingsOf, SUPPORTED_FROM } from '../../claude/version.ts';
import { findingOf } from '../../diagnose/build.ts';
import { describeAge } from '../../text/day.ts';
import { type Check, foreign, inForeign, type Fix } from '../check.ts';

export const claudeMissing: Check = {
  code: 'CLAUDE_MISSING',
  fine: 'Claude Code is installed',
  run: ({ claude }) => {
    if (claude.installed && claude.offPath === undefined) return [];
    const { path } = claude;
    const [args, evidence] = path === undefined ? [{}, '`claude` is not on PATH'] : [{ file: path }, `${path} is there`];
    return [{ finding: findingOf('CLAUDE_MISSING', args, [evidence]) }];
  },
};

export const claudeTooOld: Check = {
  code: 'CLAUDE_TOO_OLD',
  fine: `Claude Code is ${SUPPORTED_FROM} or newer`,
  applies: ({ claude }) => claude.version !== undefined,
  run: ({ claude }) => {
    const { version, support } = claude;
    if (version === undefined || support === 'supported' || support === 'unknown') return [];
    const reason = support === 'old' ? 'is older than any version orcc supports' : 'works with limits';
    const evidence = shortcomingsOf(version).map((says) => `it ${says}`);
    return [{ finding: findingOf('CLAUDE_TOO_OLD', { version, reason }, evidence) }];
  },
};

/** Versions that ignore ANTHROPIC_DEFAULT_MODEL, so that "Default" is `opus[1m]` (measured on 2.1.212 and 2.1.231). */
export const defaultNeverCompacts: Check = {
  code: 'DEFAULT_NEVER_COMPACTS',
  fine: 'every row of /model compacts',
  applies: ({ claude }) => claude.version !== undefined,
  run: (observed) => {
    const { version } = observed.claude;
    if (version === undefined || compareVersions(version, '2.1.246') >= 0 || compareVersions(version, '2.1.131') < 0) return [];
    return inForeign(observed, ({ mapping }) => {
      const model = mapping.aliases.find(({ alias }) => alias === 'opus')?.model;
      const window = model === undefined ? undefined : observed.models(model)?.window;
      if (model === undefined || knowsModel(model) !== undefined || (window ?? 0) >= 1_000_000) return [];
      const evidence = [`Claude Code ${version} ignores ${DEFAULT_MODEL}`];
      return [{ finding: findingOf('DEFAULT_NEVER_COMPACTS', { version, model }, evidence, model) }];
    });
  },
};

/** Interactive sessions that would stop at the safety check which a gateway does not answer. */
export const autoModeBlocked: Check = {
  code: 'AUTO_MODE_BLOCKED',
  fine: 'auto mode is off, so no safety check goes to Anthropic',
  applies: (observed) => findAutoModeOff(observed.layers) !== undefined,
  run: ({ layers, views, claude, configured, native, own }) => {
    // After `orcc switch --native` only leftovers of this terminal point to a gateway: ENV_LEFT_OVER tells of them.
    const [through] = foreign(views).filter(({ from }) => native !== true || from === 'startup');
    const mode = layers.settings.flatMap(({ members }) => members.defaultMode?.value ?? [])[0];
    // The name is in the client from 2.1.90 on.
    const tooOld = claude.version !== undefined && compareVersions(claude.version, '2.1.90') < 0;
    if (through === undefined || tooOld || findAutoModeOff(layers) !== undefined || (mode !== undefined && mode !== 'auto')) return [];
    // If it is off, a model behind the gateway is asked, not Anthropic's server.
    const server = inEffect(layers, AUTO_MODE_SERVER, through.from);
    if (server !== undefined && !isOn(server.value)) return [];
    const user = own.find(({ id }) => id === 'user')?.path ?? layers.settings.find(({ layer }) => layer === 'user')?.path;
    const fixes: Fix[] =
      user === undefined ? [] : [{ kind: 'set-member', path: user, member: AUTO_MODE_OFF.path, value: AUTO_MODE_OFF.value }];
    const finding = findingOf('AUTO_MODE_BLOCKED', { baseUrl: through.mapping.baseUrl?.value }, [
      `no settings file has ${AUTO_MODE_OFF.path.join('.')}: "${AUTO_MODE_OFF.value}"`,
    ]);
    // A user who was asked and kept it need not be warned again.
    return [{ finding: configured?.autoMode === 'kept' ? { ...finding, severity: 'info' } : finding, fixes }];
  },
};

/** Sessions that were started before the last change. */
export const sessionsRunning: Check = {
  code: 'SESSIONS_RUNNING',
  fine: 'no running session still uses older models',
  run: ({ sessions, changedAt, now }) => {
    if (changedAt === undefined) return [];
    const older = sessions.filter(({ ageMs }) => ageMs === undefined || now - ageMs < changedAt);
    if (older.length === 0) return [];
    const lines = older.slice(0, 10).map(({ pid, cwd, ageMs }) => {
      const age = ageMs === undefined ? '' : `, started ${describeAge(ageMs)} ago`;
      return `process ${pid}${cwd === undefined ? '' : ` in ${cwd}`}${age}`;
    });
    return [{ finding: findingOf('SESSIONS_RUNNING', { count: older.length }, lines) }];
  },
};

/** Claude Code shows nothing at all if the command of its status line can't be started. */
export const statuslineDead: Check = {
  code: 'STATUSLINE_DEAD',
  fine: "orcc's status line can start, if installed",
  run: ({ deadStatusLine }) =>
    deadStatusLine === undefined
      ? []
      : [{ finding: findingOf('STATUSLINE_DEAD', { file: deadStatusLine }, [`${deadStatusLine} is not there`]) }],
};
