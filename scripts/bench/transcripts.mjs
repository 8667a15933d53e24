// Made-up transcripts in the form that Claude Code 2.1.332 writes behind OpenRouter.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const WORDS = 'The answer of a model, as long as most of them are; { "usage": 7 } stands in it as text. '.repeat(12);

/** Writes `count` answers of sessions of 500, about 2000 bytes for each with the lines around it. Returns the file of the last session. */
export function writeTranscripts(home, count, { session = 0, day = Date.parse('2026-11-01') } = {}) {
  let file = '';
  for (let done = 0; done < count; done += 500) {
    const id = `${String(session + done / 500).padStart(8, '0')}-0000-4000-8000-000000000000`;
    const folder = join(home, '.claude', 'projects', `-home-u-project-${(done / 500) % 20}`);
    mkdirSync(folder, { recursive: true });
    file = join(folder, `${id}.jsonl`);
    const lines = Array.from({ length: Math.min(500, count - done) }, (_, index) => linesOf(id, session * 500 + done + index, day));
    appendFileSync(file, lines.join(''));
  }
  return file;
}

function linesOf(session, n, day) {
  const common = { cwd: `/home/u/project-${n % 20}`, sessionId: session, version: '2.1.332', gitBranch: 'HEAD' };
  const question = { type: 'user', message: { role: 'user', content: WORDS.slice(0, 300 + (n % 7) * 100) }, ...common };
  const [id, model, provider] =
    n % 2 === 0
      ? ['z-ai/glm-4.7', 'z-ai/glm-4.7-20251222', 'Z.AI']
      : ['qwen/qwen3-coder-next', 'qwen/qwen3-coder-next-20260204', 'Alibaba'];
  const usage = {
    input_tokens: 1 + ((n * 7919) % 5000),
    cache_creation_input_tokens: (n * 31) % 3000,
    cache_read_input_tokens: (n * 613) % 90_000,
    output_tokens: 1 + ((n * 17) % 2000),
    server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
    cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
  };
  const message = { id: `gen-17800000-${String(n).padStart(20, '0')}`, type: 'message', role: 'assistant', model, provider, usage };
  const answer = (content) => ({
    parentUuid: '7a2a7735-f6c0-4ec0-b38c-ebe356448020',
    isSidechain: false,
    message: { ...message, content: [content] },
    requestedModel: id,
    type: 'assistant',
    timestamp: new Date(day + n * 20_000).toISOString(),
    ...common,
  });
  const thinking = n % 3 === 0 ? [answer({ type: 'thinking', thinking: WORDS.slice(0, 120), signature: 'c2ln' })] : [];
  return [question, ...thinking, answer({ type: 'text', text: WORDS.slice(0, 200 + (n % 5) * 40) })]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}
