/** A pair of a judge's transcript. */
export interface TranscriptLine {
  readonly id: string;
  readonly kind: string;
  readonly messages: readonly { readonly content: string }[];
  readonly answers: { readonly stable: string | null; readonly canary: string | null };
  readonly votes: readonly string[];
  readonly judgement: { readonly winner: string } | null;
  readonly lostBy: string | null;
}

/** Its pairs of canary against stable. */
export function armsPairsOf(transcript: string): TranscriptLine[] {
  return transcript
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TranscriptLine)
    .filter(({ kind }) => kind === 'arms');
}
