import type { JudgeProgress } from '../../judge/outcome.ts';
import { cut } from '../render/table.ts';
import { count } from '../render/words.ts';
import type { Terminal } from '../terminal.ts';

/** Lines of a log at most, beside the last one. */
const parts = 10;

export interface ProgressReporter {
  readonly tell: (progress: JudgeProgress) => void;
  /** Leaves nothing half drawn behind. */
  readonly end: () => void;
}

/** One line that is drawn over on a terminal; elsewhere a line for each tenth. */
export function progressReporter({
  live,
  err,
  columns,
}: Pick<Terminal, 'live' | 'err' | 'columns'>): ProgressReporter {
  let told = 0;
  return {
    tell: (progress) => {
      const part = Math.floor((progress.done * parts) / progress.planned);
      if (live) err(`\r${cut(`${progressText(progress)}; Ctrl-C ends it`, columns() - 1)}\u001b[K`);
      else if (part > told) err(`${progressText(progress)}\n`);
      told = part;
    },
    end: () => {
      if (live) err('\r\u001b[K');
    },
  };
}

/** `judged 37 of 220 pairs: the canary won 3, lost 2, tied 25; 1 without a judgement (canary: HTTP 500)` */
function progressText({ done, planned, lost, wins, losses, ties, lastLoss }: JudgeProgress): string {
  const without =
    lost === 0 ? '' : `; ${lost} without a judgement${lastLoss === null ? '' : ` (${lastLoss})`}`;
  return `judged ${done} of ${count(planned, 'pair')}: the canary won ${wins}, lost ${losses}, tied ${ties}${without}`;
}
