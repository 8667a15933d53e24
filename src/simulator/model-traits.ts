import { requestShapeFor } from '../claude/request-shape.ts';
import type { BuiltinModel } from '../openrouter/builtin.ts';

/** Unix seconds. Models created before have no date in their canonical slug. */
const FIRST_DATED = 1_755_000_000;

/** Model families that accept text only. */
const TEXT_ONLY =
  /^(?:z-ai\/glm-(?:[\d.]+|4\.7-flash)$|deepseek\/(?!.*vision)|qwen\/(?:qwen3-coder|qwen-2\.5-\d)|openai\/gpt-oss|nvidia\/nemotron-(?!.*-vl\b)|minimax\/minimax-m[12])/;

/** The part of a model id before the slash. */
export function authorOf(id: string): string {
  return id.replace(/^~/, '').split('/')[0] ?? '';
}

/** Whether a model is Anthropic's, so that it has deferred tools and Claude's own rules apply. */
export function isAnthropic(model: BuiltinModel): boolean {
  return authorOf(model.id) === 'anthropic';
}

/** Whether a model's prompt may contain images. */
export function takesImages(model: BuiltinModel): boolean {
  return !TEXT_ONLY.test(model.id.replace(/:.*$/, ''));
}

/**
 * The name under which OpenRouter answers: dated, without a variant, and with number and family of
 * older Claude models swapped (`anthropic/claude-4.5-haiku-20251001`).
 */
export function canonicalSlug(model: BuiltinModel): string {
  if (model.id.startsWith('~') || model.id.startsWith('openrouter/')) return model.id;
  const base = model.id.replace(/:.*$/, '').replace(/-\d{4}$/, '');
  if (model.created < FIRST_DATED) return base;
  const turned = base.replace(/\/claude-(opus|sonnet|haiku|fable)-([\d.]+)/, (whole, family: string, number: string) =>
    family === 'fable' || Number(number) < 5 ? `/claude-${number}-${family}` : whole,
  );
  return `${turned}-${new Date(model.created * 1000).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** What the provider of a Claude model accepts: exactly what Claude Code sends to it. Other models accept both. */
export function claudeTakes(model: BuiltinModel): { readonly adaptive: boolean; readonly effort: boolean } {
  if (!isAnthropic(model)) return { adaptive: true, effort: true };
  const { thinking, effort } = requestShapeFor(model.id);
  return { adaptive: thinking === 'adaptive', effort: effort !== undefined };
}

/** Which values of `tool_choice` a model's endpoints accept (`supports_tool_choice`). */
export function toolChoiceSupport(model: BuiltinModel): Readonly<Record<'auto' | 'function' | 'none' | 'required', boolean>> {
  const forced = model.tools && !model.id.startsWith('qwen/qwen-2.5');
  return { auto: model.tools, function: forced, none: model.tools, required: forced };
}

/** Prices that the built-in list can't express, as the providers of such models charge them; shares of the list price. */
const PRICE_TRAITS: Readonly<Record<string, PriceTraits>> = {
  'qwen/qwen3.8-flash': { steps: [{ least: 32_000, share: 4 }] },
  'z-ai/glm-5.2': {
    steps: [
      { hours: [100, 1300], share: 2 },
      { hours: [2230, 30], share: 3 },
    ],
  },
  'nvidia/nemotron-3.5-lightning': { provider: 1.1 },
};

interface PriceTraits {
  /** What the model's own provider charges, if the catalog shows the price of a cheaper one. */
  readonly provider?: number;
  /** For prompts of more tokens than `least`, or between two times of the UTC clock (1030 is 10:30). */
  readonly steps?: readonly { readonly least?: number; readonly hours?: readonly [number, number]; readonly share: number }[];
}

/** What is special about the prices of a model; empty for most. */
export function priceTraits(model: BuiltinModel): PriceTraits {
  return PRICE_TRAITS[model.id] ?? {};
}
