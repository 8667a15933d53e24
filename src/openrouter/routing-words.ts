// Kept apart from the schema, since the table of flags uses them and every command loads that.

/** The quantizations of models, in OpenRouter's words. */
export const QUANTIZATIONS = ['int4', 'int8', 'fp4', 'mxfp4', 'nvfp4', 'fp6', 'fp8', 'mxfp8', 'fp16', 'bf16', 'fp32', 'unknown'] as const;
export const SORTS = ['price', 'throughput', 'latency'] as const;
