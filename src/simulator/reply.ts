import type { Json } from './json.ts';

/** What the model answers with: one text (`cut` if the tokens ran out), one tool call, or nothing at all. */
export type Reply =
  | { readonly kind: 'text'; readonly text: string; readonly cut?: boolean }
  | { readonly kind: 'tool'; readonly name: string; readonly input: Json }
  | { readonly kind: 'nothing'; readonly refuses: boolean };

/** Ways in which a model answers badly: without any error, but uselessly. */
export const MOODS = [
  'empty',
  'refusal',
  'no-tool-call',
  'wrong-tool-call',
  'stops-after-tool',
  'forgets-tool-result',
  'too-long',
  'out-of-tokens',
] as const;
export type Mood = (typeof MOODS)[number];

/** Whether a fault code is one of the ways in which the model itself answers badly. */
export function isMood(code: string | undefined): code is Mood {
  return MOODS.some((mood) => mood === code);
}

/** `reply` as a model in this mood would have given it. */
export function spoilReply(reply: Reply, mood: Mood, isAnswerToTool: boolean): Reply {
  switch (mood) {
    case 'empty':
      return { kind: 'nothing', refuses: false };
    case 'refusal':
      return { kind: 'nothing', refuses: true };
    case 'no-tool-call':
      return reply.kind === 'tool' ? { kind: 'text', text: `I would call ${reply.name} now.` } : reply;
    case 'wrong-tool-call':
      return reply.kind === 'tool' ? { ...reply, input: { answer: 'something else' } } : reply;
    case 'stops-after-tool':
      return isAnswerToTool ? { kind: 'nothing', refuses: false } : reply;
    case 'forgets-tool-result':
      return isAnswerToTool ? { kind: 'text', text: 'All right.' } : reply;
    case 'out-of-tokens':
      return { kind: 'text', text: 'Let me', cut: true };
    case 'too-long':
      return { kind: 'text', text: 'Let me think about this for a while. '.repeat(500) };
  }
}
