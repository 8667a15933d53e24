import { isObject } from '../text/json.ts';
import { sha256 } from '../core/hash.ts';
import { type Account, makeLoginAccount } from './accounts.ts';
import { type Answer, htmlAnswer, jsonAnswer, plainError } from './answer.ts';

interface PendingLogin {
  readonly challenge: string | undefined;
  readonly method: 'S256' | 'plain';
  /** Milliseconds since 1970. */
  readonly madeAt: number;
}

/** A code is valid once, for ten minutes. */
const LIFETIME_MS = 600_000;

/** OpenRouter's OAuth PKCE: the page in the browser and the exchange of its code. */
export class LoginDesk {
  readonly #pending = new Map<string, PendingLogin>();
  #serial = 0;
  readonly #now: () => number;
  readonly #openAccount: (account: Account) => void;

  /** `openAccount` gets each account whose key was handed out. */
  constructor(now: () => number, openAccount: (account: Account) => void) {
    this.#now = now;
    this.#openAccount = openAccount;
  }

  /**
   * `GET /auth`. With a callback the page has a button that leads there with a
   * code (or redirects at once, `autoApprove`); without one it shows the code.
   */
  showPage(query: URLSearchParams, autoApprove: boolean): Answer {
    const callback = query.get('callback_url');
    const challenge = query.get('code_challenge') ?? undefined;
    const method = query.get('code_challenge_method') ?? 'S256';
    if (method !== 'S256' && method !== 'plain') return htmlAnswer(400, 'Invalid code_challenge_method');
    if (callback === null && challenge === undefined) return htmlAnswer(400, 'Missing callback_url or code_challenge');
    const target = callback === null ? undefined : readCallback(callback);
    if (callback !== null && target === undefined) return htmlAnswer(400, 'Invalid callback_url');

    this.#serial += 1;
    const code = `auth_code_${sha256(`orcc simulator code ${String(this.#serial)}`).slice(0, 32)}`;
    this.#pending.set(code, { challenge, method, madeAt: this.#now() });
    if (target === undefined) {
      return htmlAnswer(200, 'Your code', `<p>Paste this code into the program that asked for it:</p><pre id="code">${code}</pre>`);
    }
    target.searchParams.set('code', code);
    if (autoApprove) return { kind: 'body', status: 302, headers: { location: target.href }, body: '' };
    const label = escapeHtml(query.get('key_label') ?? 'a program on this computer');
    const page = `<p>Let ${label} use your (simulated) OpenRouter account?</p><p><a id="approve" role="button" href="${escapeHtml(target.href)}">Authorize</a></p>`;
    return htmlAnswer(200, 'Authorize', page);
  }

  /** `POST /auth/keys`. */
  exchange(method: string, body: unknown): Answer {
    if (method !== 'POST') return plainError(405, 'Method Not Allowed', {}, { allow: 'POST' });
    if (!isObject(body) || typeof body['code'] !== 'string') return plainError(400, 'Invalid request: code is required');
    const { code, code_verifier: verifier, code_challenge_method: named } = body;
    if (named !== undefined && named !== null && named !== 'S256' && named !== 'plain')
      return plainError(400, 'Invalid code_challenge_method');
    const pending = this.#pending.get(code);
    if (pending === undefined) return plainError(403, 'Invalid code or code_verifier');
    if (this.#now() - pending.madeAt > LIFETIME_MS) {
      this.#pending.delete(code);
      return plainError(403, 'Authorization code expired');
    }
    if (pending.challenge !== undefined) {
      if (named !== undefined && named !== null && named !== pending.method) return plainError(400, 'Invalid code_challenge_method');
      if (typeof verifier !== 'string' || challengeOf(verifier, pending.method) !== pending.challenge)
        return plainError(403, 'Invalid code or code_verifier');
    }
    this.#pending.delete(code);
    const account = makeLoginAccount(this.#serial);
    this.#openAccount(account);
    return jsonAnswer(200, { key: account.key, user_id: 'user_simulator' });
  }
}

function challengeOf(verifier: string, method: 'S256' | 'plain'): string {
  return method === 'plain' ? verifier : sha256(verifier, 'base64url');
}

/** The callback's URL: https anywhere, or http on this machine at any port; undefined for any other. */
function readCallback(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return undefined;
  if (url.protocol === 'https:') return url;
  return url.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname) ? url : undefined;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
