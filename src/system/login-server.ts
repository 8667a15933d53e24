import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Listen, Page } from '../core/context.ts';

/** Milliseconds given to pages that are still being sent before connections are cut. */
const GRACE_MS = 1000;

/**
 * The real listener: 127.0.0.1 alone, any free port, small requests, one answer per connection. A page has no script and
 * loads nothing, and no other site may frame it or learn its address.
 */
export const listenLocally: Listen = async (answer) => {
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const { method = '', url = '/', headers } = request;
    request.resume();
    answer({ method, url, host: (headers.host ?? '').toLowerCase() }).then(
      (page) => send(response, page),
      () => response.destroy(),
    );
  });
  server.maxConnections = 32;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The listener has no port');
  return {
    port: address.port,
    linger: () => void server.unref(),
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};

function send(response: ServerResponse, { status, title, text }: Page): void {
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title><style>body{font:18px/1.5 system-ui,sans-serif;max-width:36em;margin:15vh auto;padding:0 1em}</style></head><body><h1>${escape(title)}</h1><p>${escape(text)}</p></body></html>\n`;
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(body);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
