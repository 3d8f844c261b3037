import type { CliContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import type { OutputFlag } from '../flags.ts';
import { CliProblem } from '../problem.ts';
import { paintFor } from '../render/paint.ts';
import { defaultPlace } from '../rollouts/name.ts';
import type { MissingRights, Remains, RestoreCluster } from './cluster.ts';
import { consent, requireSomebody, type ConsentFlags } from './consent.ts';
import { PortFault } from '../../ports/faults.ts';
import { beforePage, ordersOf, targetText, trafficWouldEnd, workflowAdvice } from './page.ts';
import { clusterProblem } from './problems.ts';
import { putBack } from './put-back.ts';
import { targetOfFile, targetOfFlags, type ChosenTarget, type TargetFlags } from './target.ts';

export interface RestoreFlags extends TargetFlags, ConsentFlags {
  readonly context?: string;
}

/** Canary pods may end the requests that they have: as long as their grace period says, and not for ever. */
const podsEndMs = 10 * 60_000;

/**
 * `sluice restore`: finds the target, says what will be done, asks, does it, and looks whether it is done.
 * @throws CliProblem
 */
export async function restore(
  cli: CliContext,
  file: string | undefined,
  flags: RestoreFlags & OutputFlag,
): Promise<void> {
  requireSomebody(cli.terminal, flags);
  const ofFile = file === undefined ? null : await targetOfFile(file, flags);
  const cluster = await cli.openCluster(flags.context);
  const work = new Restoring(cli, cluster, flags);
  try {
    const chosen = ofFile ?? (await targetOfFlags(cluster, flags));
    if (chosen === null) work.tellNoMarks(flags.namespace ?? defaultPlace.namespace);
    else await work.run(chosen);
  } catch (error) {
    throw clusterProblem(error, cluster.place);
  }
}

class Restoring {
  readonly #cli: CliContext;
  readonly #cluster: RestoreCluster;
  readonly #flags: RestoreFlags & OutputFlag;
  /** Lines for people; beside them, JSON goes to stdout alone. */
  readonly #say: (line: string) => void;

  constructor(cli: CliContext, cluster: RestoreCluster, flags: RestoreFlags & OutputFlag) {
    this.#cli = cli;
    this.#cluster = cluster;
    this.#flags = flags;
    this.#say = flags.output === 'json' ? cli.terminal.err : cli.terminal.out;
  }

  tellNoMarks(namespace: string): void {
    this.#say(`Nothing to restore: no rollout has left anything in namespace ${namespace}.\n`);
    this.#json({ result: 'nothing', namespace });
  }

  async run(chosen: ChosenTarget): Promise<void> {
    const { target } = chosen;
    const missing = await this.#cluster.missingRights(target.namespace);
    if (missing.route.length > 0) throw this.#forbidden(chosen, missing.route);
    const found = await this.#look(chosen, missing);
    requireRightTarget(found);
    const paint = paintFor(this.#cli.terminal.colour);
    this.#say(beforePage(target, this.#cluster.place, found, missing, paint));
    if (isClean(found)) {
      this.#nothingToDo(chosen, found);
      return;
    }
    const report = { ...reportOf(chosen, found), orders: ordersOf(found, missing) };
    if (this.#flags.dryRun === true) {
      this.#say('Dry run: nothing was changed.\n');
      this.#json({ result: 'dryRun', ...report });
      return;
    }
    const wasAsked = await consent(this.#cli.terminal, this.#flags, { dangerous: trafficWouldEnd(found) });
    // A person may take minutes to answer.
    const current = wasAsked ? await this.#look(chosen, missing) : found;
    requireSame(found, current);
    const kept = await this.#putBack(chosen, current, missing);
    await this.#requireDone(chosen, missing);
    for (const sentence of kept) this.#say(`${sentence}\n`);
    this.#say(`Done: ${targetText(target)} are as before the rollout.\n${workflowAdvice(chosen)}`);
    this.#json({ result: 'restored', ...report, kept });
  }

  #look({ target }: ChosenTarget, missing: MissingRights): Promise<Remains> {
    return this.#cluster.look(target, { autoscalers: missing.workload.length === 0 });
  }

  async #putBack(chosen: ChosenTarget, remains: Remains, missing: MissingRights): Promise<readonly string[]> {
    const interrupted = this.#cli.terminal.interruption();
    const late = AbortSignal.timeout(podsEndMs);
    try {
      return await putBack(this.#cluster, chosen.target, remains, {
        force: this.#flags.force === true,
        say: (line) => {
          this.#say(`${line}\n`);
        },
        now: this.#cli.now,
        signal: AbortSignal.any([interrupted, late]),
        workload: missing.workload.length === 0,
      });
    } catch (error) {
      const rest = 'Run it again for the rest: what is done stays done.';
      if (interrupted.aborted) {
        throw new CliProblem(
          exitCodes.interrupted,
          'Interrupted, with the canary not yet removed',
          rest,
          error,
        );
      }
      if (late.aborted) {
        throw new CliProblem(
          exitCodes.unexpected,
          'The canary’s pods have not ended within 10 min; all traffic is on stable',
          `Look at them (kubectl get pods -n ${chosen.target.namespace}). ${rest}`,
          error,
        );
      }
      if (error instanceof PortFault) this.#say(`${rest}\n`);
      throw error;
    }
  }

  /** Somebody may have made things anew meanwhile, or no rights were there for the rest. */
  async #requireDone(chosen: ChosenTarget, missing: MissingRights): Promise<void> {
    const { toDo } = await this.#look(chosen, missing);
    const left = [...toDo.route, ...toDo.workload];
    const { workload } = missing;
    if (left.length === 0 && workload.length === 0) return;
    const rights = `You may not ${workload.join('; ')} in namespace ${chosen.target.namespace}`;
    throw new CliProblem(
      exitCodes.unexpected,
      ['Not everything is back; left to do:', ...left].join('\n  '),
      workload.length > 0 ? `${rights}: somebody who may must run this again.` : 'Run it again.',
    );
  }

  #nothingToDo(chosen: ChosenTarget, found: Remains): void {
    if (found.missing.length > 0)
      throw new CliProblem(exitCodes.notFound, `There is no such target: ${found.missing.join('; ')}`);
    this.#say('Nothing to restore: no rollout has left anything here.\n');
    this.#json({ result: 'nothing', ...reportOf(chosen, found) });
  }

  #forbidden({ target }: ChosenTarget, rights: readonly string[]): CliProblem {
    return new CliProblem(
      exitCodes.unexpected,
      `You may not ${rights.join('; ')} in namespace ${target.namespace} (${this.#cluster.place}); nothing was changed`,
      'Ask for these rights, or use an account that has them.',
    );
  }

  #json(content: object): void {
    if (this.#flags.output === 'json')
      this.#cli.terminal.out(`${JSON.stringify({ type: 'restore', ...content })}\n`);
  }
}

function reportOf({ target }: ChosenTarget, { rolloutIds, route, leftAlone }: Remains) {
  const { namespace, router, workload, service } = target;
  return {
    namespace,
    route: router.name,
    deployment: workload.name,
    service: service.name,
    port: service.port,
    rolloutIds,
    /** Before. */
    canaryWeightPercent: route?.canaryWeightPercent ?? null,
    leftAlone,
  };
}

function isClean({ toDo }: Remains): boolean {
  return toDo.route.length + toDo.workload.length === 0;
}

/** The canary under another port or name would be removed while the route still leads to it. */
function requireRightTarget({ strays }: Remains): void {
  if (strays.length === 0) return;
  throw new CliProblem(
    exitCodes.badInput,
    `This is not the target that the rollout was for; nothing was changed: ${strays.join('; ')}`,
    'Without a file and flags the target is found by its marks: sluice restore -n NAMESPACE',
  );
}

function requireSame(shown: Remains, current: Remains): void {
  const others = current.rolloutIds.filter((id) => !shown.rolloutIds.includes(id));
  if (others.length > 0)
    throw new CliProblem(
      exitCodes.badInput,
      `Meanwhile rollout ${others.join(', ')} has begun here; nothing was changed`,
      'Run it again to see what would be done now.',
    );
  requireRightTarget(current);
  if (trafficWouldEnd(current) && !trafficWouldEnd(shown))
    throw new CliProblem(
      exitCodes.badInput,
      'Meanwhile stable has lost its last ready pod; nothing was changed',
      'Run it again to see what would be done now.',
    );
}
