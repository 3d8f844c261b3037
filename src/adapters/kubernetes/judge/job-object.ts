import type {
  V1Container,
  V1EnvVar,
  V1Job,
  V1PodSpec,
  V1Service,
  V1Volume,
  V1VolumeMount,
} from '@kubernetes/client-node';
import { judgeConfig, judgeFolders, type JudgedPlan } from '../../../domain/judge/config-of.ts';
import type { BucketCredentialsPlan } from '../../../domain/plan/judge-plan.ts';
import { judgeJobName, labels } from '../../../domain/rollout/naming.ts';
import type { JudgeTry } from '../../../ports/judge-jobs.ts';
import type { Owner } from '../../../ports/workload.ts';
import type { Labels } from '../selectors.ts';

/** Of the one container that judges; others may be put beside it by a mesh. */
export const judgeContainer = 'judge';

/** What a judge's objects are made from. */
export interface JudgeSource {
  readonly plan: JudgedPlan;
  readonly which: JudgeTry;
  readonly owner: Owner;
}

/** Whom the images of docker/ run as. */
const user = 65_532;

/** The program gives up by itself at the plan's deadline; so much later Kubernetes ends it. */
const spareSeconds = 60;

/** Its answer is in the history long before; this is for people who want to read its log. */
const keptSeconds = 24 * 60 * 60;

/** Of the whole rollout. */
export function judgeLabels(owner: Owner): Labels {
  return { [labels.rolloutId]: owner.rolloutId, [labels.role]: 'judge' };
}

/** Of all tries in one phase. */
export function phaseLabels(owner: Owner, phase: number): Labels {
  return { ...judgeLabels(owner), [labels.phase]: String(phase + 1) };
}

/** Of one try: on its Job, pod and NetworkPolicy. None of the target's own, so nothing takes the pod for one of an arm. */
export function tryLabels(owner: Owner, { phase, attempt }: JudgeTry): Labels {
  return { ...phaseLabels(owner, phase), [labels.attempt]: String(attempt) };
}

/** Name, labels, and the canary's Service as owner: what a rollout leaves behind is collected when that goes. */
export function judgeMetadata({ plan, which, owner }: JudgeSource, canaryService: V1Service | null) {
  const { name = '', uid = '' } = canaryService?.metadata ?? {};
  return {
    name: judgeJobName(plan.target, owner.rolloutId, which),
    namespace: plan.target.namespace,
    labels: { ...tryLabels(owner, which) },
    ...(canaryService === null
      ? {}
      : { ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid }] }),
  };
}

/**
 * The Job of one try: one pod, once, that may do nothing but ask.
 * @param canaryService null: just to see whether the API server would take it.
 */
export function judgeJob(source: JudgeSource, canaryService: V1Service | null): V1Job {
  const { plan, which, owner } = source;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: judgeMetadata(source, canaryService),
    spec: {
      parallelism: 1,
      completions: 1,
      // Tries are counted by the plan: each has a Job and a reason of its own.
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(plan.judge.deadlineMs / 1000) + spareSeconds,
      ttlSecondsAfterFinished: keptSeconds,
      template: { metadata: { labels: { ...tryLabels(owner, which) } }, spec: podSpec(source) },
    },
  };
}

function podSpec(source: JudgeSource): V1PodSpec {
  const files = filesOf(source.plan);
  return {
    restartPolicy: 'Never',
    // An abort waits for nobody: there is nothing to save.
    terminationGracePeriodSeconds: 1,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      // May write to the claim.
      fsGroup: user,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(source, files)],
    volumes: files.map(({ name, volume }) => ({ name, ...volume })),
  };
}

function container(source: JudgeSource, files: readonly Files[]): V1Container {
  const { image, resources } = source.plan.judge;
  return {
    name: judgeContainer,
    image,
    env: variables(source),
    volumeMounts: files.map(({ name, mount }) => ({ name, ...mount })),
    resources: { requests: { ...resources }, limits: { ...resources } },
    terminationMessagePath: '/dev/termination-log',
    // Never the end of its log: anything may be in there (S12).
    terminationMessagePolicy: 'File',
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}

function variables({ plan, which, owner }: JudgeSource): V1EnvVar[] {
  const { endpoint, transcripts } = plan.judge;
  const key = endpoint?.apiKey ?? null;
  return [
    { name: 'SLUICE_JUDGE_RUN', value: judgeJobName(plan.target, owner.rolloutId, which) },
    // Kubernetes replaces `$(NAME)` and `$$` in values: `$$` stands for the character itself.
    { name: 'SLUICE_JUDGE_CONFIG', value: JSON.stringify(judgeConfig(plan)).replaceAll('$', '$$$$') },
    ...(key === null ? [] : [fromSecret('SLUICE_JUDGE_API_KEY', key.secret, key.key)]),
    ...(transcripts !== null && 's3' in transcripts ? bucketKeys(transcripts.s3.credentials) : []),
  ];
}

function bucketKeys({ secret, accessKeyId, secretAccessKey }: BucketCredentialsPlan): V1EnvVar[] {
  return [
    fromSecret('SLUICE_JUDGE_S3_ACCESS_KEY_ID', secret, accessKeyId),
    fromSecret('SLUICE_JUDGE_S3_SECRET_ACCESS_KEY', secret, secretAccessKey),
  ];
}

function fromSecret(variable: string, secret: string, key: string): V1EnvVar {
  return { name: variable, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** A volume and where it is mounted. */
interface Files {
  readonly name: string;
  readonly volume: Omit<V1Volume, 'name'>;
  readonly mount: Omit<V1VolumeMount, 'name'>;
}

function filesOf({ judge: { prompts, transcripts } }: JudgedPlan): Files[] {
  return [...('configMap' in prompts ? [promptFile(prompts.configMap)] : []), ...claimOf(transcripts)];
}

/**
 * Optional: without the ConfigMap or the key the program finds no file and says so at once. A pod that lacks a volume
 * just waits, and only its events, which nobody reads here, tell why.
 */
function promptFile({ name, key }: { readonly name: string; readonly key: string }): Files {
  return {
    name: 'prompts',
    volume: { configMap: { name, items: [{ key, path: key }], optional: true } },
    mount: { mountPath: judgeFolders.prompts, readOnly: true },
  };
}

function claimOf(transcripts: JudgedPlan['judge']['transcripts']): Files[] {
  if (transcripts === null || !('claim' in transcripts)) return [];
  return [
    {
      name: 'transcripts',
      volume: { persistentVolumeClaim: { claimName: transcripts.claim } },
      mount: { mountPath: judgeFolders.transcripts },
    },
  ];
}
