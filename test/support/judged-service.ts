import { randomBytes } from 'node:crypto';
import { judgeKey, judgeName, promptSet, standinEndpoint, standinJudge } from '../../dev/cluster/judges.ts';
import { applyObjects } from '../../dev/cluster/objects.ts';
import { waitForDeployment } from '../../dev/cluster/wait.ts';
import { imageNames } from '../../dev/platform/images.ts';
import type { JudgePlan } from '../../src/domain/plan/judge-plan.ts';
import { deployService, type ServiceUnderTest } from './namespace.ts';
import { judgePlan } from './plans.ts';

/** Stand-in judges beside a service, with prompts for them. */
export interface Judges {
  /** What the judges want to be shown; in a Secret of the namespace. */
  readonly apiKey: string;
  /** A judge of this behaviour; by default, but for what a test says. */
  judge(behaviour: string, changes?: Partial<JudgePlan>): JudgePlan;
}

/** The example service, with prompts and stand-in judges beside it. */
export type JudgedService = ServiceUnderTest & Judges;

/** Enough that what is 20 % worse is proven to be more than 10 % worse, nearly always. */
const promptsCount = 400;

/** Deploys the example service, and judges beside it. */
export async function deployJudgedService(
  purpose: string,
  behaviours: Readonly<Record<string, object>>,
): Promise<JudgedService> {
  const service = await deployService(purpose, { canary: false });
  return { ...service, ...(await deployJudges(service, behaviours)) };
}

/**
 * Deploys a set of prompts, a key, and one stand-in judge a behaviour beside a service.
 * @param behaviours by name, as dev/judge-standin takes them.
 */
export async function deployJudges(
  { namespace, cluster }: ServiceUnderTest,
  behaviours: Readonly<Record<string, object>>,
): Promise<Judges> {
  const apiKey = `judge-key-${randomBytes(12).toString('hex')}`;
  const names = Object.keys(behaviours);
  await applyObjects(cluster.objects, [
    judgeKey(namespace, apiKey),
    promptSet(namespace, promptsCount),
    ...Object.entries(behaviours).flatMap(([name, behaviour]) =>
      standinJudge(namespace, { name, behaviour, image: imageNames.judgeStandin }),
    ),
  ]);
  await Promise.all(names.map((name) => waitForDeployment(cluster.config, namespace, judgeName(name))));
  const judge = (behaviour: string, changes: Partial<JudgePlan> = {}): JudgePlan =>
    judgePlan({
      image: imageNames.judge,
      atWeights: [50],
      endpoint: standinEndpoint(namespace, behaviour),
      concurrency: 16,
      requestsPerSecond: null,
      deadlineMs: 120_000,
      attempts: 2,
      ...changes,
    });
  return { apiKey, judge };
}
