import { setHandler } from '@temporalio/workflow';
import {
  abort,
  advance,
  approve,
  hold,
  resume,
  status,
  type AdvanceCommand,
  type Command,
} from './messages.ts';
import type { Run } from './run.ts';

/** Registers the handlers: they set fields and note who asked; the steps act. Validators refuse before anything is recorded. */
export function listen(run: Run): void {
  setHandler(status, () => run.state, { description: 'The whole state of the rollout.' });

  setHandler(
    abort,
    (command) => {
      const { by, reason } = described(command);
      const late = run.promoted
        ? ' (too late: stable runs the release; roll the earlier version out to go back)'
        : '';
      run.note(`abort: ${reason}${late}`, by);
      run.interrupt('abort', `aborted by ${by}: ${reason}`);
    },
    { description: 'Put all traffic back to stable now. Input: {"by": "who", "reason": "why"}' },
  );

  setHandler(
    approve,
    (command) => {
      run.approved = true;
      run.note(`approved: ${command.reason}`, command.by);
      return { done: 'approved' };
    },
    {
      validator: (command: Command) => {
        mustRun(run, command);
        if (run.state.status !== 'awaitingApproval')
          refuse('approve', run, 'only a rollout that awaits approval can be approved');
      },
      description: 'Let the next phase begin. Input: {"by": "who", "reason": "why"}',
    },
  );

  setHandler(
    advance,
    (command) => {
      run.advanceRequested = true;
      run.full ||= command.full;
      run.holdReason = null;
      run.note(
        command.full ? `advance to 100 %: ${command.reason}` : `advance: ${command.reason}`,
        command.by,
      );
      return { done: command.full ? 'going on to 100 %' : 'the present bake or hold ends now' };
    },
    {
      validator: (command: AdvanceCommand) => {
        mustRun(run, command);
        if (typeof command.full !== 'boolean') throw new Error('input.full must be true or false');
        const { status: now } = run.state;
        if (!['baking', 'judging', 'holding', 'keepingOld'].includes(now))
          refuse('advance', run, 'there is no bake or hold to end');
      },
      description:
        'End this bake or hold now. Input: {"by": "who", "reason": "why", "full": false}; full: to 100 % at once',
    },
  );

  setHandler(
    hold,
    (command) => {
      run.holdReason = `${command.by}: ${command.reason}`;
      run.note(`hold: ${command.reason}`, command.by);
      return { done: 'holding; guards stay on' };
    },
    {
      validator: (command: Command) => {
        mustRun(run, command);
      },
      description: 'Stay at this weight until resume. Input: {"by": "who", "reason": "why"}',
    },
  );

  setHandler(
    resume,
    (command) => {
      run.holdReason = null;
      run.note(`resume: ${command.reason}`, command.by);
      return { done: 'resumed' };
    },
    {
      validator: (command: Command) => {
        mustRun(run, command);
        if (run.holdReason === null) refuse('resume', run, 'nothing holds it');
        if (run.state.status === 'awaitingApproval') refuse('resume', run, 'it awaits approval: approve');
        if (run.gatesOpen)
          refuse('resume', run, 'its gates are inconclusive: advance takes that on yourself');
      },
      description: 'Go on after a hold. Input: {"by": "who", "reason": "why"}',
    },
  );
}

/** A signal may come from the UI with anything in it, or with nothing; it must work all the same (S13). */
function described(command: Partial<Command> | undefined): Command {
  return { by: command?.by ?? 'somebody', reason: command?.reason ?? 'no reason given' };
}

/** What every update asks for: a rollout that goes on, and who says so and why. */
function mustRun(run: Run, command: Partial<Command> | undefined): void {
  for (const field of ['by', 'reason'] as const) {
    const found = command?.[field];
    if (typeof found !== 'string' || found === '') {
      throw new Error(`input.${field} must be a text that is not empty: found ${JSON.stringify(found)}`);
    }
  }
  if (run.interruption !== null || run.state.outcome !== null) {
    throw new Error(`the rollout is over or on its way back: ${run.state.status}`);
  }
}

function refuse(what: string, run: Run, why: string): never {
  throw new Error(`cannot ${what} while ${run.state.status}: ${why}`);
}
