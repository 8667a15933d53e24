/** Where OpenRouter's API is called, and as whom. */
export interface Endpoint {
  /** What ANTHROPIC_BASE_URL holds: no trailing slash and no `/v1`, for example `https://openrouter.ai/api`. */
  readonly baseUrl: string;
  /** Sent as a bearer token; absent for the public catalog. */
  readonly key?: string;
}

export const DEFAULT_BASE_URL = 'https://openrouter.ai/api';
