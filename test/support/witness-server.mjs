// Stands before a server on this machine, passes everything on, and writes down who asked for what with which
// credential. Arguments: the server's address, the file of the notes (one JSON document a line).
import { appendFileSync } from 'node:fs';
import { createServer, request } from 'node:http';

const [, , upstream = '', notes = ''] = process.argv;

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
      model: body.model,
      maxTokens: body.max_tokens,
    };
    // Before the answer, so that whoever got it finds the note.
    appendFileSync(notes, `${JSON.stringify(note)}\n`);
    const passed = request(upstream + asked.url, { method: asked.method, headers: asked.headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    });
    passed.on('error', () => reply.destroy());
    passed.end(bytes);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`at http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
