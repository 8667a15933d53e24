import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import type { CatalogModel } from '../openrouter/catalog-model.ts';
import type { KeyedEndpoint } from '../openrouter/endpoint.ts';
import { rateOf } from '../openrouter/price.ts';
import type { Routing } from '../openrouter/routing.ts';
import { formatUsd } from '../text/format.ts';
import { clip, redact, stripControls } from '../text/text.ts';
import { askModel } from './ask.ts';
import { type ExtraBody, headersOf, type ProbeRequest } from './request.ts';

/** Milliseconds for the answer: Claude Code waits while it runs. */
const TIMEOUT_MS = 30_000;
/** A check is a request of 143 000 bytes (2.1.332), nearly all of it instructions; a token has about four bytes. */
const CHECK_BYTES = 143_000;
const CHECK_TOKENS = CHECK_BYTES / 4;

/** What each check of auto mode costs, said before it is turned on. */
function describeCheckCost(id: string, row: CatalogModel | undefined): string {
  const { input } = row === undefined ? { input: null } : rateOf(row);
  const money = input === null ? '' : `, ${formatUsd((input * CHECK_TOKENS) / 1_000_000)} at the price of ${id}`;
  return `auto mode asks ${id} before each command that needs a check: a request of about 144 KB each time (36 000 tokens${money})`;
}

/**
 * Whether Claude Code can use this answer to its check (measured on 2.1.332): `<block>yes` or `<block>no`, in upper or lower case,
 * without a space after the tag. Words before it cost a second request.
 */
export function isCheckAnswer(text: string): boolean {
  return /<block>(?:yes|no)\b/i.test(text);
}

/**
 * Asks the model in the form of that check: no tools, no streaming, a stop at `</block>`. Returns why this could not be tested, or
 * undefined if the answer is usable. Throws exit 2 if it is not, or if the model refuses such a request.
 */
async function tryAutoCheck(
  deps: Pick<Context, 'http' | 'clock' | 'version' | 'signal'>,
  endpoint: KeyedEndpoint,
  model: string,
  extraBody: ExtraBody | undefined,
): Promise<string | undefined> {
  const request = checkRequest(model, endpoint.key, deps.version, extraBody);
  const { reading, fault } = await askModel(deps, endpoint, request, { timeoutMs: TIMEOUT_MS, signal: deps.signal });
  const status = fault?.status;
  if (status === 400 || status === 404) throw unfit(model, `it refuses the request (HTTP ${status})`);
  if (fault !== undefined || reading === undefined)
    return `whether ${model} answers auto mode's check could not be tested${status === undefined ? '' : ` (HTTP ${status})`}`;
  if (isCheckAnswer(reading.answer.text)) return undefined;
  throw unfit(
    model,
    `it answers \`${clip(redact(stripControls(reading.answer.text), [endpoint.key]), 60)}\` where \`<block>no\` or \`<block>yes\` is expected`,
  );
}

/** Tests a model just named for the check. Returns what to tell the user, the cost first. Sends nothing in a dry run or with `--force`. */
export async function tryNewCheck(
  deps: Parameters<typeof tryAutoCheck>[0],
  endpoint: KeyedEndpoint | undefined,
  named: { readonly model: string; readonly routing: Routing | undefined; readonly row: CatalogModel | undefined },
  { force, dryRun }: { readonly force: boolean; readonly dryRun: boolean },
): Promise<readonly string[]> {
  const { model, routing, row } = named;
  const cost = describeCheckCost(model, row);
  if (dryRun || force || endpoint === undefined) return [cost];
  const remark = await tryAutoCheck(deps, endpoint, model, routing === undefined ? undefined : { provider: routing });
  return remark === undefined ? [cost] : [cost, remark];
}

function unfit(model: string, reason: string): OrccError {
  return new OrccError('usage', `${model} can't answer auto mode's check: ${reason}`, {
    hint: 'Choose another model, or use `--force`; `orcc init --no-auto-mode` turns auto mode off',
    data: { model },
  });
}

function checkRequest(model: string, key: string, version: string, extraBody: ExtraBody | undefined): ProbeRequest {
  const system =
    'You decide whether a command of a coding agent may run. Where it may, answer <block>no</block> and nothing else; where it must not, answer <block>yes</block><reason>one sentence</reason>. Your whole answer begins with <block>.';
  return {
    path: '/v1/messages?beta=true',
    headers: headersOf({ key, version }),
    body: {
      model,
      max_tokens: 2112,
      system: [{ type: 'text', text: system }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: '<transcript>\n{"user":"List the files here"}\n{"Bash":"ls"}\n</transcript>' }] },
      ],
      stop_sequences: ['</block>'],
      ...extraBody,
    },
  };
}
