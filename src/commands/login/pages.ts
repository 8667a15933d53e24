import type { Page } from '../../core/context.ts';

/** What the browser shows at the end of a login, or to whoever asks the port for something else. */
export const PAGES = {
  done: { status: 200, title: 'You are logged in', text: 'orcc has the key. You can close this tab and return to the terminal.' },
  already: { status: 200, title: 'You are logged in already', text: 'Another tab has finished this login. You can close this one.' },
  refused: {
    status: 403,
    title: 'Login failed',
    text: 'OpenRouter did not accept the code. You can close this tab: the terminal says what to do next.',
  },
  denied: { status: 200, title: 'Not logged in', text: 'Access was denied, and nothing was written. You can close this tab.' },
  failed: { status: 502, title: 'Login failed', text: 'The key could not be fetched. You can close this tab: the terminal says why.' },
  noCode: { status: 400, title: 'This address has no code', text: 'Go back to the login page and authorize orcc again.' },
  unknown: { status: 404, title: 'Nothing here', text: 'This port is waiting for a login to finish, and this is not its address.' },
  wrongMethod: { status: 405, title: 'Nothing here', text: 'This page can only be viewed.' },
} as const satisfies Record<string, Page>;
