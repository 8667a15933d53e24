// Apart from their schema: the table of flags, which every command loads, names them.

/** What a model can be kept in, as OpenRouter names it. */
export const QUANTIZATIONS = ['int4', 'int8', 'fp4', 'mxfp4', 'nvfp4', 'fp6', 'fp8', 'mxfp8', 'fp16', 'bf16', 'fp32', 'unknown'] as const;
export const SORTS = ['price', 'throughput', 'latency'] as const;
