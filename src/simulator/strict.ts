import { isObject } from '../text/json.ts';
import type { BuiltinModel } from '../openrouter/builtin.ts';
import { OPEN_MODEL_REFUSAL } from './faults-provider.ts';
import { deferralMessage, providerRefusal } from './faults-request.ts';
import type { Json } from './json.ts';
import { canonicalSlug, claudeTakes, isAnthropic, takesImages, toolChoiceSupport } from './model-traits.ts';
import type { MessagesRequest } from './request-schema.ts';
import { findToolIdProblem } from './tool-ids.ts';

/** A refusal by its fault, with the text and metadata of this request. */
export interface Refusal {
  readonly code: string;
  readonly given?: { readonly message?: string; readonly metadata?: Json };
}

/**
 * What the router has no endpoint for, or refuses itself, whatever the provider: images and a
 * `tool_choice` that no endpoint accepts, and deferred tools if the model is not Anthropic's. Undefined if it refuses nothing.
 */
export function refuseRouting(request: MessagesRequest, model: BuiltinModel): Refusal | undefined {
  if (!takesImages(model) && holdsImage(request.messages)) return { code: 'image-unsupported' };
  const choice = request.tool_choice?.type;
  const support = toolChoiceSupport(model);
  if ((choice === 'any' && !support.required) || (choice === 'tool' && !support.function)) return { code: 'no-tool-choice-support' };
  if (!isAnthropic(model) && (request.tools ?? []).some(isDeferred)) {
    return { code: 'deferral-unsupported', given: { message: deferralMessage(canonicalSlug(model)) } };
  }
  return undefined;
}

/**
 * What the provider refuses; undefined if nothing. With `~author/…-latest` no parameter is refused: OpenRouter
 * maps those there (its guide to model variants).
 */
export function refuseByProvider(request: MessagesRequest, model: BuiltinModel): Refusal | undefined {
  const takes = claudeTakes(model);
  if (!request.model.startsWith('~')) {
    if (request.thinking?.type === 'adaptive' && !takes.adaptive) return { code: 'adaptive-thinking-unsupported' };
    if (typeof request.output_config?.effort === 'string' && !takes.effort) return { code: 'effort-unsupported' };
  }
  const problem = findToolIdProblem(request.messages);
  if (problem === undefined) return undefined;
  if (isAnthropic(model)) return { code: problem.code, given: { message: problem.message, metadata: providerRefusal(problem.message) } };
  return { code: problem.code, given: { message: 'Provider returned error', metadata: OPEN_MODEL_REFUSAL } };
}

function isDeferred(tool: unknown): boolean {
  if (!isObject(tool)) return false;
  const type = tool['type'];
  return tool['defer_loading'] === true || (typeof type === 'string' && type.startsWith('tool_search_tool_'));
}

/** Whether there is an image anywhere in the conversation, including the results of tools. */
function holdsImage(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsImage);
  if (!isObject(value)) return false;
  return value['type'] === 'image' || holdsImage(value['content']);
}
