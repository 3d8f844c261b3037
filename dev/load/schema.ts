import { z } from 'zod';

// Only the fields in use: a service may send more.
const Usage = z.object({ completion_tokens: z.number() }).nullish();
const Text = z.string().nullish();

/** The body of an answer without streaming. */
export const Completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: Text }) })).min(1),
  usage: Usage,
});

/** One event of a streamed answer. The last one may have usage and no choices. */
export const CompletionChunk = z.object({
  choices: z.array(
    z.object({ delta: z.object({ content: Text, reasoning_content: Text, reasoning: Text }) }),
  ),
  usage: Usage,
});
export type CompletionChunk = z.infer<typeof CompletionChunk>;
