// Stands before a server on this machine, passes everything on, and writes down who asked for what with which
// credential. Arguments: the server's address, the file of the notes (one JSON document a line), and `strict` to refuse
// what the real OpenRouter was reported to refuse: deferred tools for models that are not Anthropic's.
import { appendFileSync } from 'node:fs';
import { createServer, request } from 'node:http';

const [, , upstream = '', notes = '', manner = ''] = process.argv;

const server = createServer((asked, reply) => {
  const chunks = [];
  asked.on('data', (chunk) => chunks.push(chunk));
  asked.on('end', () => {
    const bytes = Buffer.concat(chunks);
    let body = {};
    try {
      body = JSON.parse(bytes.toString('utf8'));
    } catch {
      // A GET has none.
    }
    const note = {
      method: asked.method,
      path: asked.url,
      authorization: asked.headers.authorization,
      apiKey: asked.headers['x-api-key'],
      headers: asked.headers,
      model: body.model,
      maxTokens: body.max_tokens,
      betas: asked.headers['anthropic-beta'],
      bytes: bytes.length,
      deferred: (body.tools ?? []).filter((tool) => tool.defer_loading === true).length,
      display: body.thinking?.display,
      effort: body.output_config?.effort,
      provider: body.provider,
      sessionId: body.session_id,
      system: JSON.stringify(body.system ?? '').slice(0, 200),
      prompt: JSON.stringify(body.messages?.at(-1)?.content ?? '').slice(-300),
    };
    // Before the answer, so that whoever got it finds the note.
    const write = (status) => appendFileSync(notes, `${JSON.stringify({ ...note, status })}\n`);
    if (manner === 'strict' && note.deferred > 0 && !/^~?anthropic\//.test(note.model ?? '')) {
      const message = `Deferred custom tools are only supported on Anthropic models and on Anthropic-compatible provider endpoints that implement deferral. Other endpoints cannot call tools omitted from tools[]. Received ${note.model}.`;
      write(400);
      reply.writeHead(400, { 'content-type': 'application/json' });
      reply.end(JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }));
      return;
    }
    const passed = request(upstream + asked.url, { method: asked.method, headers: asked.headers }, (answer) => {
      write(answer.statusCode ?? 502);
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    });
    passed.on('error', () => {
      write(0);
      reply.destroy();
    });
    passed.end(bytes);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`at http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
