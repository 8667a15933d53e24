import { type Account, labelOf } from './accounts.ts';
import { type Answer, jsonAnswer, plainError } from './answer.ts';
import { costOf, type Generation } from './events.ts';

/** Amounts without the noise of binary fractions. */
const usd = (amount: number): number => Number(amount.toFixed(9));

/** `GET /key`: everything the API says about the key that asks. */
export function describeKey(account: Account): Answer {
  return jsonAnswer(200, {
    data: {
      label: labelOf(account.key),
      limit: account.limit,
      limit_remaining: account.limitRemaining === null ? null : usd(account.limitRemaining),
      limit_reset: account.limit === null ? null : 'monthly',
      include_byok_in_limit: false,
      usage: usd(account.used),
      usage_daily: usd(account.used),
      usage_weekly: usd(account.used),
      usage_monthly: usd(account.used),
      byok_usage: usd(account.ownUsed),
      byok_usage_daily: usd(account.ownUsed),
      byok_usage_weekly: usd(account.ownUsed),
      byok_usage_monthly: usd(account.ownUsed),
      is_free_tier: account.isFreeTier,
      is_management_key: account.isManagement,
      is_provisioning_key: account.isManagement,
      creator_user_id: 'user_simulator',
      expires_at: account.expiresAt,
      rate_limit: { requests: -1, interval: '10s', note: 'This field is deprecated and safe to ignore.' },
      allowed_data_regions: ['global'],
      free_model_daily_requests: {
        limit: account.freeLimit,
        remaining: Math.max(0, account.freeLimit - account.freeUsed),
        used: account.freeUsed,
      },
      organization_id: null,
      workspace_id: null,
    },
  });
}

/** `GET /credits`: documented for management keys alone. */
export function describeCredits(account: Account): Answer {
  if (!account.isManagement) return plainError(403, 'Only management keys can perform this operation');
  return jsonAnswer(200, { data: { total_credits: usd(account.balance + account.used), total_usage: usd(account.used) } });
}

/** What is kept of a call for `GET /generation`. */
export interface PastCall {
  readonly generation: Generation;
  readonly createdAt: string;
  readonly streamed: boolean;
  readonly userAgent: string | null;
}

/** `GET /generation?id=`. */
export function describeGeneration(call: PastCall): Answer {
  const { generation } = call;
  const { usage } = generation;
  const cost = costOf(usage);
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  const finish = generation.stopReason === 'tool_use' ? 'tool_calls' : generation.stopReason === 'max_tokens' ? 'length' : 'stop';
  return jsonAnswer(200, {
    data: {
      id: generation.id,
      upstream_id: null,
      total_cost: cost,
      cache_discount: null,
      upstream_inference_cost: null,
      created_at: call.createdAt,
      model: generation.model,
      app_id: null,
      streamed: call.streamed,
      cancelled: false,
      provider_name: generation.provider,
      latency: 5,
      moderation_latency: null,
      generation_time: 5,
      finish_reason: finish,
      native_finish_reason: finish,
      service_tier: null,
      tokens_prompt: prompt,
      tokens_completion: usage.output,
      native_tokens_prompt: prompt,
      native_tokens_completion: usage.output,
      native_tokens_completion_images: null,
      native_tokens_reasoning: usage.thinking,
      native_tokens_cached: usage.cacheRead,
      num_media_prompt: null,
      num_input_audio_prompt: null,
      num_media_completion: null,
      num_search_results: null,
      num_fetches: null,
      web_search_engine: null,
      origin: '',
      usage: cost,
      is_byok: false,
      external_user: null,
      api_type: 'completions',
      preset_id: null,
      router: null,
      provider_responses: null,
      user_agent: call.userAgent,
      http_referer: null,
      data_region: 'global',
      workspace_id: null,
    },
  });
}
