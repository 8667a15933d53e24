import { OrccError } from '../core/errors.ts';
import { defined } from '../text/defined.ts';
import { stripControls } from '../text/text.ts';

interface ModelId {
  /** The id as given, trimmed; for the address of a model's page, the id in it. */
  readonly id: string;
  /** The part after the colon: `free` for `…:free`. */
  readonly variant?: string;
  /** True for `@preset/…`: settings kept in the OpenRouter account, without a row in the catalog. */
  readonly preset: boolean;
}

/** Suffixes that work on any model and have no row of their own (OpenRouter docs, model variants). */
const DYNAMIC_VARIANTS: ReadonlySet<string> = new Set(['nitro', 'floor', 'exacto', 'online']);

const MAX_LENGTH = 256;
const SHAPE = /^~?[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9][A-Za-z0-9._+-]*(?::([A-Za-z0-9][A-Za-z0-9._-]*))?$/;
/** Names that other gateways use: `big-coder`, `qwen3:32b`, `bedrock/us/anthropic.claude-v1:0`, `vertex_ai/claude@20250514`. */
const GATEWAY = /^[A-Za-z0-9][A-Za-z0-9._+-]*(?:@\d+)?(?:\/[A-Za-z0-9][A-Za-z0-9._+-]*(?:@\d+)?)*(?::[A-Za-z0-9][A-Za-z0-9._-]*)?$/;
const AFTER_ID = /@preset\/[A-Za-z0-9][A-Za-z0-9._-]*$/;
const PRESET = /^@preset\/[A-Za-z0-9][A-Za-z0-9._-]*$/;
const CLIENT_SUFFIX = /\[[^\]]*\]$/;

/**
 * Parses a model id: `author/slug[:variant]`, `~author/slug`, `@preset/slug`, or `…@preset/slug` after a model.
 * Does not check whether the model exists.
 *
 * @throws exit 2 with the reason if it is not a model id; the message contains no control characters
 */
export function parseModelId(given: string): ModelId {
  const id = idOfPage(given.trim());
  const reason = whyMalformed(id);
  if (reason !== undefined) {
    const shown = stripControls(id).slice(0, 60);
    throw new OrccError('usage', shown === '' ? 'The model is empty' : `\`${shown}\` is not a model id: ${reason}`, {
      hint: 'a model id is author/slug, such as z-ai/glm-4.7; `orcc models` lists them',
      code: 'MODEL_UNKNOWN',
    });
  }
  if (PRESET.test(id)) return { id, preset: true };
  return { id, preset: false, ...defined({ variant: SHAPE.exec(id.replace(AFTER_ID, ''))?.[1] }) };
}

/** The id in the address of a model's page at OpenRouter; any other text is returned unchanged. */
function idOfPage(text: string): string {
  const page = /^(?:https?:\/\/)?(?:www\.)?openrouter\.ai\/(?!docs\/|settings\/)(?:models\/)?(~?[^/?#\s]+\/[^/?#\s]+)(?:[/?#]\S*)?$/i.exec(
    text,
  );
  return page?.[1] ?? text;
}

/** Parses a model as typed: an id, its page's address, a gateway's name, or a slug without author, to be looked up. Throws exit 2. */
export function parseModelWord(given: string): string {
  const word = given.trim();
  return isGatewayName(word) ? word : parseModelId(word).id;
}

/** Whether a model's name is one that only other gateways use: without an author, or with more than one slash. */
export function isGatewayName(model: string): boolean {
  return model.length <= MAX_LENGTH && GATEWAY.test(model) && !SHAPE.test(model);
}

/** Whether a text is a valid model id, blanks around it aside. Unlike `parseModelId`, it accepts no page address. */
export function isModelId(text: string): boolean {
  return whyMalformed(text.trim()) === undefined;
}

/** Why an id is malformed, as the end of a sentence; undefined if it is well formed. */
export function whyMalformed(id: string): string | undefined {
  if (id === '') return 'it is empty';
  if (id.length > MAX_LENGTH) return `it is ${id.length} characters long, the maximum is ${MAX_LENGTH}`;
  if (/[\x00-\x1f\x7f-\x9f]/.test(id)) return 'it contains a line break or another control character';
  if (/["'`\\$]/.test(id)) return 'it contains a quote, a backslash or a dollar sign';
  if (/\s/.test(id)) return 'it contains a space';
  if (CLIENT_SUFFIX.test(id)) {
    return `\`${CLIENT_SUFFIX.exec(id)?.[0] ?? ''}\` is only meant for Anthropic and turns off compaction here; leave it out`;
  }
  if (PRESET.test(id) || SHAPE.test(id.replace(AFTER_ID, ''))) return undefined;
  if (id.includes('@'))
    return 'a preset is `@preset/name`, or `author/slug@preset/name` after a model, with letters, digits, `.`, `_` and `-`';
  if (!id.includes('/')) return 'the author before the slash is missing';
  return 'it is not in the form author/slug';
}

/** The model behind an id: `a/b` for `a/b@preset/x` and `a/b:nitro`. `a/b:free`, and `@preset/x`, which names no model, stay unchanged. */
export function baseModelId(id: string): string {
  const at = id.indexOf('@preset/');
  return stripDynamicVariant(at > 0 ? id.slice(0, at) : id);
}

/** The name of the account's preset: `x` for `@preset/x` and `a/b@preset/x`; undefined if the id has none. */
export function presetOf(id: string): string | undefined {
  return AFTER_ID.exec(id)?.[0].slice('@preset/'.length);
}

/** The id without a dynamic variant: `a/b` for `a/b:nitro`; `a/b:free` stays unchanged. */
export function stripDynamicVariant(id: string): string {
  const colon = id.lastIndexOf(':');
  return colon > 0 && DYNAMIC_VARIANTS.has(id.slice(colon + 1)) ? id.slice(0, colon) : id;
}
