import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a test wants of one answer; the rest is as Claude Code 2.1.332 writes it behind OpenRouter. */
export interface Wanted {
  readonly id?: string;
  readonly model?: string;
  readonly requested?: string;
  /** null: left out, as outside OpenRouter. */
  readonly provider?: string | null;
  readonly session?: string;
  readonly at?: string;
  readonly cwd?: string;
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly cacheWrite1h?: number;
  readonly text?: string;
  /** Further members of the line. */
  readonly more?: Readonly<Record<string, unknown>>;
}

let serial = 0;

/** One line of a transcript that holds an answer. */
export function answerLine(wanted: Wanted = {}): string {
  serial += 1;
  const { input = 1000, output = 100, cacheRead = 0, cacheWrite = 0, cacheWrite1h = 0, provider = 'Z.AI' } = wanted;
  return JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    message: {
      id: wanted.id ?? `gen-1780000000-${String(serial).padStart(20, '0')}`,
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: wanted.text ?? 'A "usage": {"input_tokens": 7} in a text.\n' }],
      model: wanted.model ?? 'z-ai/glm-4.7-20251222',
      ...(provider === null ? {} : { provider }),
      usage: {
        input_tokens: input,
        cache_creation_input_tokens: cacheWrite + cacheWrite1h,
        cache_read_input_tokens: cacheRead,
        output_tokens: output,
        cache_creation: { ephemeral_1h_input_tokens: cacheWrite1h, ephemeral_5m_input_tokens: cacheWrite },
        server_tool_use: { web_search_requests: 0 },
      },
    },
    requestedModel: wanted.requested ?? 'z-ai/glm-4.7',
    type: 'assistant',
    timestamp: wanted.at ?? '2026-11-20T12:00:00.000Z',
    cwd: wanted.cwd ?? '/home/u/code',
    sessionId: wanted.session ?? 'aaaaaaaa-0000-4000-8000-000000000000',
    version: '2.1.332',
    ...wanted.more,
  });
}

/** Writes lines into a transcript below Claude Code's folder. */
export function writeTranscript(claude: string, name: string, lines: readonly string[]): string {
  const file = path.join(claude, 'projects', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}
