import { onTestFinished } from 'vitest';
import { requestShapeFor, type ShapeSettings } from '../../src/claude/request-shape.ts';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import type { SimulatorOptions } from '../../src/simulator/options.ts';

/** A simulator that ends with the test. */
export async function simulate(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  return simulator;
}

export interface SseEvent {
  readonly event: string;
  readonly data: unknown;
}

/** The events of a stream; comments are left out, `[DONE]` stays a string. */
export function parseEvents(text: string): SseEvent[] {
  return text
    .split('\n\n')
    .filter((piece) => piece.startsWith('event: '))
    .map((piece) => {
      const [event = '', data = ''] = piece.split('\n').map((line) => line.replace(/^(event|data): /, ''));
      return { event, data: data === '[DONE]' ? data : JSON.parse(data) };
    });
}

export const TOOL = {
  name: 'get_weather',
  description: 'Weather of a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
};
export const ASK_TOOL = 'Please.\nCall the tool get_weather with exactly this JSON: {"city":"Tōkyō","days":[1,2]}\nThank you.';

/** `body` over a small valid request. */
export function request(body: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: 'z-ai/glm-4.7', max_tokens: 32000, messages: [{ role: 'user', content: 'hi' }], ...body };
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Answers are read loosely here: the assertion is the check.
  readonly json: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

async function got(response: Response): Promise<Got> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

export async function post(
  simulator: Simulator,
  body: unknown,
  given: { key?: string; path?: string; headers?: Record<string, string> } = {},
): Promise<Got> {
  const headers = { authorization: `Bearer ${given.key ?? simulator.key}`, 'content-type': 'application/json', ...given.headers };
  const url = `${simulator.baseUrl}${given.path ?? '/v1/messages?beta=true'}`;
  return await got(
    await fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body), redirect: 'manual' }),
  );
}

export async function get(
  simulator: Simulator,
  path: string,
  given: { key?: string; headers?: Record<string, string> } = {},
): Promise<Got> {
  const headers = { ...(given.key === undefined ? {} : { authorization: `Bearer ${given.key}` }), ...given.headers };
  return await got(await fetch(`${simulator.baseUrl}${path}`, { headers, redirect: 'manual' }));
}

/** What Claude Code sends for the id, in small. */
export function asClaude(id: string, settings: ShapeSettings = {}): Record<string, unknown> {
  const shape = requestShapeFor(id, settings);
  const display = { display: 'updates' };
  return request({
    model: id,
    max_tokens: shape.maxTokens,
    messages: [{ role: 'user', content: 'hi' }, ...(shape.systemRole ? [{ role: 'system', content: 'Be brief.' }] : [])],
    tools: [TOOL, { ...TOOL, name: 'later', ...(shape.deferral ? { defer_loading: true } : {}) }],
    ...(shape.thinking === 'adaptive' ? { thinking: { type: 'adaptive', ...display } } : {}),
    ...(shape.thinking === 'budget' ? { thinking: { type: 'enabled', budget_tokens: shape.budgetTokens, ...display } } : {}),
    ...(shape.effort === undefined ? {} : { output_config: { effort: shape.effort } }),
    ...(shape.contextManagement ? { context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] } } : {}),
  });
}
