import type { Env } from '../core/context.ts';

/** For every start of the client that nobody sits before: nothing but what it is asked, no second try. */
export const QUIET_ENV: Env = {
  CLAUDE_CODE_MAX_RETRIES: '0',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_TELEMETRY: '1',
};
