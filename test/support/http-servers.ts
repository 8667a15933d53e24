import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, connect, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';

/** A server of a test: its port, the requests it got, and how to end it with all its sockets. */
export interface TestServer {
  readonly port: number;
  readonly requests: readonly { method: string; url: string; headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 at any port; `close` also cuts open connections. */
export async function listen(server: Server | TcpServer): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** An HTTP server that records what it is asked. */
export async function serve(answer: RequestListener): Promise<TestServer> {
  const requests: { method: string; url: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    response.on('error', () => undefined);
    answer(request, response);
  });
  return { requests, ...(await listen(server)) };
}

/** A TCP server that gets each connection's first bytes and may write anything. */
export async function serveRaw(answer: (socket: Socket) => void): Promise<TestServer> {
  const server = createTcpServer((socket) => {
    socket.once('data', () => answer(socket));
  });
  return { requests: [], ...(await listen(server)) };
}

export interface ProxyServer extends TestServer {
  /** `host:port` of every CONNECT, with its Proxy-Authorization. */
  readonly connects: readonly { target: string; authorization: string | undefined }[];
}

/** A CONNECT proxy; `refuse` gives a status to answer instead of a tunnel. */
export async function serveProxy(
  options: { refuse?: (target: string, authorization: string | undefined) => number | undefined; silent?: boolean; closes?: boolean } = {},
): Promise<ProxyServer> {
  const connects: { target: string; authorization: string | undefined }[] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    const target = request.url ?? '';
    const authorization = request.headers['proxy-authorization'];
    connects.push({ target, authorization });
    client.on('error', () => undefined);
    if (options.silent === true) return;
    if (options.closes === true) return void client.end();
    const status = options.refuse?.(target, authorization);
    if (status !== undefined) {
      client.end(`HTTP/1.1 ${status} Refused\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    // Every name leads to this machine: a test never leaves it.
    const upstream = connect(Number(target.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  return { requests: [], connects, ...(await listen(server)) };
}

/** Sends a JSON answer. */
export function sendJson(response: ServerResponse, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}
