import type { Env } from '../core/context.ts';

/** Environment for running Claude Code unattended: no retries, no updates, no telemetry. */
export const QUIET_ENV: Env = {
  CLAUDE_CODE_MAX_RETRIES: '0',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_TELEMETRY: '1',
};
