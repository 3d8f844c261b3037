/** The series of vLLM 0.32.0 that the stand-in has: names, help texts and bucket bounds as the real server writes them. */

const latencyBounds = [
  0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
];
const firstTokenBounds = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640,
  2560,
];
const perTokenBounds = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
];
const tokenBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

export const gauges = {
  running: { name: 'vllm:num_requests_running', help: 'Number of requests in model execution batches.' },
  waiting: { name: 'vllm:num_requests_waiting', help: 'Number of requests waiting to be processed.' },
  kvCacheUsage: { name: 'vllm:kv_cache_usage_perc', help: 'KV-cache usage. 1 means 100 percent usage.' },
} as const;

export const processStart = {
  name: 'process_start_time_seconds',
  help: 'Start time of the process since unix epoch in seconds.',
} as const;

export const waitingByReason = {
  name: 'vllm:num_requests_waiting_by_reason',
  help:
    "Number of waiting requests by reason. Reason labels: 'capacity' = waiting for scheduling capacity; " +
    "'deferred' = deferred by transient constraints (LoRA budget, KV transfer, blocked status). " +
    'Sum of all reasons equals vllm:num_requests_waiting.',
} as const;

export const counters = {
  prefixCacheQueries: {
    name: 'vllm:prefix_cache_queries_total',
    help: 'Prefix cache queries, in terms of number of queried tokens.',
  },
  prefixCacheHits: {
    name: 'vllm:prefix_cache_hits_total',
    help: 'Prefix cache hits, in terms of number of cached tokens.',
  },
  preemptions: {
    name: 'vllm:num_preemptions_total',
    help: 'Cumulative number of preemption from the engine.',
  },
  promptTokens: { name: 'vllm:prompt_tokens_total', help: 'Number of prefill tokens processed.' },
  promptTokensCached: {
    name: 'vllm:prompt_tokens_cached_total',
    help: 'Number of cached prompt tokens (local + external).',
  },
  generationTokens: { name: 'vllm:generation_tokens_total', help: 'Number of generation tokens processed.' },
} as const;

/** Every `finished_reason` of `vllm:request_success_total`, all present from the start. */
export const finishedReasons = ['stop', 'length', 'abort', 'error', 'repetition'] as const;

export const requestSuccess = {
  name: 'vllm:request_success_total',
  help: 'Count of successfully processed requests.',
} as const;

export const histograms = {
  requestPromptTokens: {
    name: 'vllm:request_prompt_tokens',
    help: 'Number of prefill tokens processed.',
    buckets: tokenBounds,
  },
  requestGenerationTokens: {
    name: 'vllm:request_generation_tokens',
    help: 'Number of generation tokens processed.',
    buckets: tokenBounds,
  },
  requestMaxGenerationTokens: {
    name: 'vllm:request_max_num_generation_tokens',
    help: 'Histogram of maximum number of requested generation tokens.',
    buckets: tokenBounds,
  },
  requestN: {
    name: 'vllm:request_params_n',
    help: 'Histogram of the n request parameter.',
    buckets: [1, 2, 5, 10, 20],
  },
  requestMaxTokens: {
    name: 'vllm:request_params_max_tokens',
    help: 'Histogram of the max_tokens request parameter.',
    buckets: tokenBounds,
  },
  timeToFirstToken: {
    name: 'vllm:time_to_first_token_seconds',
    help: 'Histogram of time to first token in seconds.',
    buckets: firstTokenBounds,
  },
  interToken: {
    name: 'vllm:inter_token_latency_seconds',
    help: 'Histogram of inter-token latency in seconds.',
    buckets: perTokenBounds,
  },
  timePerOutputToken: {
    name: 'vllm:request_time_per_output_token_seconds',
    help: 'Histogram of time_per_output_token_seconds per request.',
    buckets: perTokenBounds,
  },
  endToEnd: {
    name: 'vllm:e2e_request_latency_seconds',
    help: 'Histogram of e2e request latency in seconds.',
    buckets: latencyBounds,
  },
  queue: {
    name: 'vllm:request_queue_time_seconds',
    help: 'Histogram of time spent in WAITING phase for request.',
    buckets: latencyBounds,
  },
  inference: {
    name: 'vllm:request_inference_time_seconds',
    help: 'Histogram of time spent in RUNNING phase for request.',
    buckets: latencyBounds,
  },
  prefill: {
    name: 'vllm:request_prefill_time_seconds',
    help: 'Histogram of time spent in PREFILL phase for request.',
    buckets: latencyBounds,
  },
  decode: {
    name: 'vllm:request_decode_time_seconds',
    help: 'Histogram of time spent in DECODE phase for request.',
    buckets: latencyBounds,
  },
};

/** The series of the API server; the trailing blanks are the real server's. */
export const http = {
  requests: { name: 'http_requests_total', help: 'Total number of requests by method, status and handler.' },
  requestSize: {
    name: 'http_request_size_bytes',
    help: 'Content length of incoming requests by handler. Only value of header is respected. Otherwise ignored. No percentile calculated. ',
  },
  responseSize: {
    name: 'http_response_size_bytes',
    help: 'Content length of outgoing responses by handler. Only value of header is respected. Otherwise ignored. No percentile calculated. ',
  },
  durationFine: {
    name: 'http_request_duration_highr_seconds',
    help: 'Latency with many buckets but no API specific labels. Made for more accurate percentile calculations. ',
    buckets: [
      0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60,
    ],
  },
  duration: {
    name: 'http_request_duration_seconds',
    help: 'Latency with only few buckets by handler. Made to be only used if aggregation by handler is important. ',
    buckets: [0.1, 0.5, 1],
  },
};
