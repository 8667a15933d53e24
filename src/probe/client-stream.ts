import * as z from 'zod/mini';
import { tryJson } from '../text/json.ts';

const optional = z.optional(z.unknown());
const line = z.looseObject({
  type: z.string(),
  message: z.optional(z.looseObject({ model: optional, content: optional })),
  result: optional,
  is_error: optional,
  api_error_status: optional,
});
const block = z.looseObject({ type: z.string(), text: optional });

/** What `claude -p --output-format stream-json` said (measured on 2.1.330). */
export interface ClientStream {
  /** `message.model` of the last answer: the model that served, not the one that was asked for. */
  readonly model: string | undefined;
  readonly text: string;
  readonly usedTool: boolean;
  /** The text of the `result` line, errors included. */
  readonly result: string | undefined;
  readonly isError: boolean;
  readonly apiStatus: number | undefined;
}

/** Reads the lines leniently: what is no JSON, or of another kind, is passed over. */
export function readClientStream(stdout: string): ClientStream {
  let model: string | undefined;
  let text = '';
  let usedTool = false;
  let result: string | undefined;
  let isError = true;
  let apiStatus: number | undefined;
  for (const raw of stdout.split('\n')) {
    const value = parse(raw);
    if (value === undefined) continue;
    if (value.type === 'assistant' && value.message !== undefined) {
      // A message that Claude Code makes up to tell of an error has this model.
      if (typeof value.message.model === 'string' && value.message.model !== '<synthetic>') model = value.message.model;
      const content = Array.isArray(value.message.content) ? value.message.content : [];
      for (const each of content) {
        const read = block.safeParse(each);
        if (!read.success) continue;
        usedTool ||= read.data.type === 'tool_use';
        if (read.data.type === 'text' && typeof read.data.text === 'string') text = read.data.text;
      }
    }
    if (value.type === 'result') {
      result = typeof value.result === 'string' ? value.result : undefined;
      isError = value.is_error !== false;
      if (typeof value.api_error_status === 'number') apiStatus = value.api_error_status;
    }
  }
  return { model, text, usedTool, result, isError, apiStatus };
}

function parse(raw: string): z.infer<typeof line> | undefined {
  const parsed = line.safeParse(tryJson(raw));
  return parsed.success ? parsed.data : undefined;
}
