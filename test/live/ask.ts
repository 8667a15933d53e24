import { isObject } from '../../src/text/json.ts';
import type { Http } from '../../src/core/context.ts';
import { matchFailure } from '../../src/diagnose/match.ts';
import { parseErrorBody } from '../../src/openrouter/error-body.ts';
import { shapeOf, type Shape } from './shape.ts';
import type { Step } from './steps.ts';

/** What one side answered, reduced to what is compared. */
export interface Answered {
  readonly status: number;
  readonly shape: Shape;
  /** Code of orcc's finding for a refusal, `ok` for an answer. */
  readonly finding: string;
  readonly errorType: string | undefined;
  /** `error.availability.code` and `metadata.limit_source`. */
  readonly clues: readonly string[];
  /** The error's own words. */
  readonly message: string | undefined;
  /** Which name of the asked model a reply carries. */
  readonly model: 'the asked id' | 'its canonical slug' | 'another' | undefined;
  /** USD, as the reply says. */
  readonly cost: number;
  readonly json: unknown;
}

const MADE_UP = `sk-or-v1-${'0'.repeat(64)}`;
const LARGEST = 32 * 1024 * 1024;

/** Makes one call. Throws NetworkError where no answer comes. `slugs` gives the canonical slug of an id. */
export async function askStep(http: Http, baseUrl: string, key: string, step: Step, slugs: ReadonlyMap<string, string>): Promise<Answered> {
  const bearer = step.auth === 'none' ? undefined : step.auth === 'key' ? key : MADE_UP;
  const response = await http.request({
    method: step.body === undefined ? 'GET' : 'POST',
    url: `${baseUrl}${step.path}`,
    headers: {
      accept: 'application/json',
      'user-agent': 'orcc-live-proof',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(step.body === undefined ? {} : { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' }),
    },
    ...(step.body === undefined ? {} : { body: JSON.stringify(step.body) }),
    firstByteMs: 120_000,
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size <= LARGEST) chunks.push(chunk);
  }
  return describe(step, response, Buffer.concat(chunks).toString('utf8'), slugs);
}

function describe(
  step: Step,
  response: { status: number; headers: Readonly<Record<string, string>> },
  text: string,
  slugs: ReadonlyMap<string, string>,
): Answered {
  const json = parse(text);
  const { status, headers } = response;
  const asked = typeof step.body?.['model'] === 'string' ? step.body['model'] : undefined;
  const general = step.body === undefined;
  const error = status === 200 ? undefined : parseErrorBody(text);
  const availability = error?.availability?.['code'];
  const source = error?.metadata?.['limit_source'];
  const reply = isObject(json) ? json : {};
  const usage = isObject(reply['usage']) ? reply['usage'] : {};
  return {
    status,
    shape: shapeOf(json),
    finding:
      status === 200 ? 'ok' : matchFailure({ status, headers, body: text, general, ...(asked === undefined ? {} : { model: asked }) }).code,
    errorType: error?.errorType ?? error?.type,
    clues: [availability, source].filter((clue) => typeof clue === 'string'),
    message: error?.message,
    model: general || asked === undefined || status !== 200 ? undefined : nameOf(reply['model'], asked, slugs),
    cost: typeof usage['cost'] === 'number' ? usage['cost'] : 0,
    json,
  };
}

function nameOf(answered: unknown, asked: string, slugs: ReadonlyMap<string, string>): Answered['model'] {
  if (answered === slugs.get(asked)) return 'its canonical slug';
  return answered === asked ? 'the asked id' : 'another';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
