/**
 * The shape of a rollout file: fields, types, units, defaults. Whether the values are good is for domain/plan/rules,
 * which see every plan, wherever it comes from; their limits are repeated here only as notes for editors.
 */
import { z } from 'zod';
import { defaultCluster, gateDefaults, guardDefaults, planDefaults } from '../domain/plan/defaults.ts';
import { evidences } from '../domain/plan/evidence.ts';
import { formats, mostPhases, ranges, urlText } from '../domain/plan/rules/values.ts';
import { criterionShapes } from './criterion.ts';
import { formatDuration } from './duration.ts';
import { judgeSection } from './judge.ts';
import { choice, duration, number, share, text, url } from './leaves.ts';
import { metricsSection } from './metrics.ts';
import { formatPercent } from './percent.ts';

export const apiVersion = 'sluice.dev/v1alpha1';
export const kind = 'Rollout';

const estimated = choice(
  ['estimate'],
  'estimate: values are taken as they are told; nobody knows how many requests they rest on.',
).prefault('estimate');

const gateFields = {
  evidence: choice(
    evidences,
    'proven: the limit is kept, or broken, at the plan’s risk, else the gate is inconclusive. noBreach: passes unless the limit is proven to be broken. estimate: point values are taken for the truth.',
  ).prefault(gateDefaults.evidence),
  minimumSamples: number(
    ranges.minimumSamples,
    'Requests of the canary below which the gate is inconclusive.',
  ).prefault(gateDefaults.minimumSamples),
};

const guardTimes = {
  sustainedFor: duration(
    ranges.pauseMs,
    'How long the breach must be seen without a break; 0s: at once.',
  ).prefault(formatDuration(guardDefaults.sustainedForMs)),
  window: duration(
    ranges.lookMs,
    'How far back a look goes; no shorter than guardInterval. With evidence: proven the shortest of several windows.',
  ).prefault(formatDuration(guardDefaults.windowMs)),
};

const guardFields = (of: keyof typeof guardDefaults.minimumSamples) => ({
  evidence: choice(
    ['proven', 'estimate'],
    'proven: a breach must be, at the plan’s risk. estimate: point values are taken for the truth.',
  ).prefault(guardDefaults.evidence),
  minimumSamples: number(
    ranges.minimumSamples,
    'Requests of the canary below which the guard says nothing, unless a breach is proven with fewer.',
  ).prefault(guardDefaults.minimumSamples[of]),
  ...guardTimes,
});

/** Of values: neither counts nor statistics. */
const valueGateFields = { evidence: estimated };
const valueGuardFields = { evidence: estimated, ...guardTimes };

const gate = z.discriminatedUnion('metric', [
  criterionShapes.badShare(gateFields),
  criterionShapes.time(gateFields),
  criterionShapes.tokens(gateFields),
  criterionShapes.cost(gateFields),
  criterionShapes.goodShare(gateFields),
  criterionShapes.gpu(valueGateFields),
  criterionShapes.custom(valueGateFields),
]);

const guard = z.discriminatedUnion('metric', [
  criterionShapes.badShare(guardFields('share')),
  criterionShapes.time(guardFields('size')),
  criterionShapes.tokens(guardFields('size')),
  criterionShapes.cost(guardFields('cost')),
  criterionShapes.goodShare(guardFields('share')),
  criterionShapes.gpu(valueGuardFields),
  criterionShapes.custom(valueGuardFields),
]);

const phase = z.strictObject({
  // A plain number, as in Gateway API, Argo Rollouts and Flagger: nobody reads a weight as a fraction.
  weight: number(ranges.weightPercent, 'Percent of requests for the canary; rises from phase to phase.'),
  bake: duration(ranges.pauseMs, 'How long the phase lasts before its gates are asked.'),
  gates: z.array(gate).optional().meta({
    description:
      'Asked once, at the end of the bake; all must pass. Without it: the gates of the built-in plan, or none when bake is 0s.',
  }),
  requireApproval: z
    .boolean()
    .prefault(false)
    .meta({ description: 'A person has to approve before this phase begins.' }),
});

const metadata = z.strictObject({
  name: text(formats.label, 'Name of the rollout; with cluster and namespace it names the workflow.'),
  namespace: text(formats.label, 'Namespace of everything that the file names.'),
  // Beside name and namespace, with which it makes the workflow's id.
  cluster: text(formats.label, 'The cluster, as people call it.').prefault(defaultCluster),
});

const release = z.strictObject({
  version: text(formats.version, 'What people call the release; also a label value.'),
  patch: z
    .record(z.string(), z.json(), { error: 'a map: a strategic merge patch of the pod template' })
    .meta({
      description: 'Strategic merge patch of the workload’s pod template: spec, metadata or both.',
    }),
});

const defaults = planDefaults;

const spec = z.strictObject({
  workload: z
    .strictObject({
      kind: z.literal('Deployment').meta({ description: 'Kind of the workload.' }),
      name: text(formats.subdomain, 'The workload that serves now.'),
    })
    .meta({ description: 'The workload that is rolled out.' }),
  service: z
    .strictObject({
      name: text(formats.service, 'The stable Service; the canary’s is made.'),
      port: number(ranges.port, 'The port of it that the route names.'),
    })
    .meta({ description: 'The Service that leads to the workload.' }),
  router: z
    .strictObject({
      kind: z.literal('HTTPRoute').meta({ description: 'Kind of the router.' }),
      name: text(formats.subdomain, 'The route that leads to the Service.'),
    })
    .meta({ description: 'What splits the traffic.' }),
  release: release.meta({ description: 'What is rolled out.' }),
  checklist: z
    .array(text(formats.question, 'A question for a person, such as: on-call told?'))
    .prefault([...defaults.checklist])
    .meta({ description: 'Asked after the preflight; nothing is changed until a person approves.' }),
  phases: z.array(phase).optional().meta({
    description: 'Weights with their bakes. Without it: 1 % for 1h, 10 % for 2h, 50 % for 4h, 100 %.',
    minItems: 1,
    maxItems: mostPhases,
  }),
  guards: z.array(guard).optional().meta({
    description:
      'Watched whenever the canary has traffic; a breach rolls back at once. Without it: more than 1% failed, p99 above 3 times stable’s, or a request above twice its cost.',
  }),
  guardInterval: duration(ranges.lookMs, 'How often guards look.').prefault(
    formatDuration(defaults.guardIntervalMs),
  ),
  risk: z
    .strictObject({
      falseRollback: share(
        ranges.risk,
        'Of canaries that keep every limit, at most so many are rolled back.',
      ).prefault(formatPercent(defaults.risk.falseRollback)),
      falsePass: share(
        ranges.risk,
        'Of canaries that break the limit of a gate that asks for proof, at most so many pass it.',
      ).prefault(formatPercent(defaults.risk.falsePass)),
    })
    .prefault({})
    .meta({
      description:
        'How often statistics may be wrong, over the whole rollout; evidence: estimate is not covered.',
    }),
  keepOld: duration(
    ranges.pauseMs,
    'How long stable is kept, warm and under guards, after the canary has 100 %.',
  ).prefault(formatDuration(defaults.keepOldMs)),
  finish: choice(
    ['update', 'adopt'],
    'update: stable gets the new template, then the canary goes. adopt: the canary’s pods become stable’s.',
  ).prefault(defaults.finish),
  capacity: z
    .strictObject({
      replicas: z
        .union(
          [z.literal('byWeight'), z.array(number(ranges.replicas, 'Pods of the canary in that phase.'))],
          {
            error: 'byWeight, or a list with a whole number of pods for each phase',
          },
        )
        .prefault(defaults.capacity.replicas)
        .meta({
          description:
            'Pods of the canary: byWeight (its share of stable’s, rounded up), or one number a phase that never falls.',
        }),
    })
    .prefault({})
    .meta({ description: 'Size of the canary.' }),
  warmUp: z
    .strictObject({
      requestsPerPod: number(
        ranges.requestsPerPod,
        'Requests to each new canary pod before it gets weight; 0 for none.',
      ).prefault(defaults.warmUp.requestsPerPod),
      path: text(formats.path, 'Path of a GET that a working pod answers with 200.').prefault(
        defaults.warmUp.path,
      ),
    })
    .prefault({})
    .meta({ description: 'Requests before the first weight.' }),
  hold: z
    .strictObject({
      limit: duration(ranges.limitMs, 'How long the rollout may wait for evidence or for a person.').prefault(
        formatDuration(defaults.hold.limitMs),
      ),
      then: choice(['rollBack', 'keepHolding'], 'What comes after the limit; never a promotion.').prefault(
        defaults.hold.then,
      ),
    })
    .prefault({})
    .meta({ description: 'Waiting without an end of its own.' }),
  deadlines: z
    .strictObject({
      canaryReady: duration(ranges.limitMs, 'From creating canary pods to all of them ready.').prefault(
        formatDuration(defaults.deadlines.canaryReadyMs),
      ),
      routeAccepted: duration(
        ranges.limitMs,
        'From a write of the route until the gateway has accepted it.',
      ).prefault(formatDuration(defaults.deadlines.routeAcceptedMs)),
      drain: duration(
        ranges.pauseMs,
        'How long requests on the canary may go on after its traffic ended.',
      ).prefault(formatDuration(defaults.deadlines.drainMs)),
    })
    .prefault({})
    .meta({ description: 'How long single steps may take.' }),
  onForeignChange: choice(
    ['hold', 'rollBack'],
    'What to do when somebody else changes weights, canary or stable meanwhile.',
  ).prefault(defaults.onForeignChange),
  onUnprovable: choice(
    ['warn', 'refuse'],
    'What the preflight does when today’s traffic is too little for a gate to pass.',
  ).prefault(defaults.onUnprovable),
  metrics: metricsSection.meta({ description: 'What guards and gates look at.' }),
  judge: judgeSection.nullable().prefault(defaults.judge).meta({
    description:
      'A model that compares the arms’ answers to the same prompts, in a Job of each judged phase; null: nobody judges.',
  }),
  headerRule: z
    .strictObject({
      name: text(formats.headerName, 'Name of the header.'),
      value: text(formats.headerValue, 'Value that leads to the canary.'),
    })
    .nullable()
    .prefault(defaults.headerRule)
    .meta({ description: 'A header that leads a request to the canary whatever the weight; null for none.' }),
  notifications: z
    .array(
      z.strictObject({
        url: url(
          urlText,
          'Gets an http POST of a JSON event. It is kept in the history: no place for a token.',
        ),
      }),
    )
    .prefault([...defaults.notifications])
    .meta({ description: 'Who is told what happens.' }),
});

/** A rollout file. Input: as people write it; output: every default filled in, durations in ms, shares of 1. */
export const rolloutFile = z
  .strictObject({
    apiVersion: z.literal(apiVersion).meta({ description: 'Version of this format.' }),
    kind: z.literal(kind).meta({ description: 'What this file is.' }),
    metadata: metadata.meta({ description: 'What the rollout is called, and where it runs.' }),
    spec: spec.meta({ description: 'What is rolled out, and how.' }),
  })
  .meta({
    title: 'Sluice rollout',
    description: 'One rollout of an LLM service: the input of `sluice start`.',
  });

export type RolloutFile = z.output<typeof rolloutFile>;
