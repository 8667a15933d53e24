import type { Page } from '../../core/context.ts';

/** What the browser shows at the end of a login, or to whoever asks the port for something else. */
export const PAGES = {
  done: { status: 200, title: 'You are logged in', text: 'orcc has the key. You can close this tab and go back to the terminal.' },
  already: { status: 200, title: 'You are logged in already', text: 'Another tab has finished this login. You can close this one.' },
  refused: {
    status: 403,
    title: 'This did not work',
    text: 'OpenRouter did not accept the code. You can close this tab: the terminal says how to go on.',
  },
  denied: { status: 200, title: 'Not logged in', text: 'Access was not given, and nothing was written. You can close this tab.' },
  failed: { status: 502, title: 'This did not work', text: 'The key could not be fetched. You can close this tab: the terminal says why.' },
  noCode: { status: 400, title: 'There is no code in this address', text: 'Go back to the login page and authorize orcc again.' },
  unknown: { status: 404, title: 'Nothing here', text: 'This port waits for the end of a login, and this is not its address.' },
  wrongMethod: { status: 405, title: 'Nothing here', text: 'This page can only be looked at.' },
} as const satisfies Record<string, Page>;
