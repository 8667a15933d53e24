import { type Answer, jsonAnswer, plainError } from './answer.ts';
import type { Json } from './json.ts';

interface Preset {
  readonly slug: string;
  readonly status: 'active' | 'disabled';
  /** The model it names; a preset may leave that to the request. */
  readonly model?: string;
  readonly config: Json;
}

/** Presets of every simulated account. */
const PRESETS: readonly Preset[] = [
  { slug: 'cheap', status: 'active', model: 'z-ai/glm-4.7-flash', config: { provider: { sort: 'price' } } },
  { slug: 'claude', status: 'active', model: 'anthropic/claude-haiku-4.5', config: { temperature: 1 } },
  { slug: 'private', status: 'active', config: { provider: { zdr: true, data_collection: 'deny' } } },
  { slug: 'retired', status: 'disabled', model: 'z-ai/glm-4.5', config: {} },
];

/** Splits a model name into id and preset: `id@preset/slug`, or `@preset/slug` alone. */
function splitPreset(model: string): { readonly id: string; readonly slug: string | undefined } {
  const at = model.indexOf('@preset/');
  return at < 0 ? { id: model, slug: undefined } : { id: model.slice(0, at), slug: model.slice(at + '@preset/'.length) };
}

/** The id that is really requested, or why there is none: a preset that does not exist or has no model. */
export function resolvePreset(
  model: string,
): { readonly id: string } | { readonly code: 'preset-unknown' | 'model-empty'; readonly slug: string } {
  const { id, slug } = splitPreset(model);
  if (slug === undefined) return { id };
  const preset = PRESETS.find((row) => row.slug === slug && row.status === 'active');
  if (preset === undefined) return { code: 'preset-unknown', slug };
  const named = id === '' ? preset.model : id;
  return named === undefined ? { code: 'model-empty', slug } : { id: named };
}

/** `GET /presets`. */
export function listPresets(): Answer {
  return jsonAnswer(200, { data: PRESETS.map(presetRow), total_count: PRESETS.length });
}

/** `GET /presets/{slug}`. */
export function onePreset(slug: string): Answer {
  const preset = PRESETS.find((row) => row.slug === slug);
  if (preset === undefined) return plainError(404, 'Preset not found');
  const { id } = presetRow(preset);
  const config = { ...(preset.model === undefined ? {} : { model: preset.model }), ...preset.config };
  const designated_version = {
    id: `version-${preset.slug}`,
    preset_id: id,
    version: 1,
    config,
    system_prompt: null,
    creator_id: 'user_simulator',
    created_at: MADE,
    updated_at: MADE,
  };
  return jsonAnswer(200, { data: { ...presetRow(preset), designated_version } });
}

const MADE = '2026-04-20T10:00:00Z';

function presetRow(preset: Preset): Json {
  return {
    id: `preset-${preset.slug}`,
    slug: preset.slug,
    name: preset.slug,
    description: null,
    status: preset.status,
    status_updated_at: null,
    designated_version_id: `version-${preset.slug}`,
    creator_user_id: 'user_simulator',
    workspace_id: null,
    created_at: MADE,
    updated_at: MADE,
  };
}
