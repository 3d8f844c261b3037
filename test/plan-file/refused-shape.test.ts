import { describe, expect, test } from '@jest/globals';
import { duration, refuses } from './refuses.ts';
import { complaints, fileText } from './text.ts';

test('the file that the rows change is good', () => {
  expect(complaints(fileText())).toEqual({ kind: 'ok', lines: [] });
});

const allMetrics =
  'error-rate or length-share or repetition-share or e2e-latency or ttft or inter-token-latency or latency-per-output-token or queue-time or tokens-per-request or cost-per-request or cost-per-1k-tokens or user-satisfaction or gpu-utilisation or custom';

describe('fields', () => {
  refuses([
    {
      name: 'an unknown field, with what was probably meant',
      added: ['  finsh: adopt', '  hold: {limt: 1h}'],
      refused: [
        '12:3 spec.finsh: found an unknown field, allowed: capacity, checklist, deadlines, finish, guardInterval, guards, headerRule, hold, judge, keepOld, metrics, notifications, onForeignChange, onUnprovable, phases, release, risk, router, service, warmUp, workload; did you mean finish?',
        '13:10 spec.hold.limt: found an unknown field, allowed: limit, then; did you mean limit?',
      ],
    },
    {
      name: 'a field in the wrong place, with the right one',
      lines: { 3: 'metadata: {name: llama, namespace: llm, keepOld: 1h}' },
      refused: [
        '3:41 metadata.keepOld: found an unknown field, allowed: cluster, name, namespace; did you mean spec.keepOld?',
      ],
    },
    {
      name: 'an unknown field that is like no other',
      lines: { 3: 'metadata: {name: llama, namespace: llm, "x/y z": 1}' },
      refused: ['3:41 metadata["x/y z"]: found an unknown field, allowed: cluster, name, namespace'],
    },
    {
      name: 'a missing field, at the map that lacks it',
      lines: { 9: null },
      refused: [
        '8:3 spec.release.version: found nothing, allowed: a label value: letters, digits, -, _ and ., at most 63 characters, first and last a letter or digit',
      ],
    },
    {
      name: 'a missing map',
      lines: { 11: null },
      refused: [
        '4:1 spec.metrics: found nothing, allowed: a map of cost, custom, engine, failing, feedback, prometheus, source',
      ],
    },
    {
      name: 'a map without content',
      added: ['  hold:'],
      refused: ['12:8 spec.hold: found nothing, allowed: a map of limit, then'],
    },
    {
      name: 'a map that is a text',
      added: ['  hold: forever'],
      refused: ['12:9 spec.hold: found "forever", allowed: a map of limit, then'],
    },
    {
      name: 'a list that is a map',
      added: ['  guards: {metric: error-rate}'],
      refused: ['12:11 spec.guards: found a map, allowed: a list'],
    },
    {
      name: 'another kind of workload or router',
      lines: { 5: '  workload: {kind: StatefulSet, name: vllm}', 7: '  router: {kind: Ingress, name: llm}' },
      refused: [
        '5:20 spec.workload.kind: found "StatefulSet", allowed: Deployment',
        '7:18 spec.router.kind: found "Ingress", allowed: HTTPRoute',
      ],
    },
    {
      name: 'a word that is no choice',
      added: ['  finish: delete', '  onForeignChange: ignore', '  hold: {then: promote}'],
      refused: [
        '12:11 spec.finish: found "delete", allowed: update or adopt',
        '13:20 spec.onForeignChange: found "ignore", allowed: hold or rollBack',
        '14:16 spec.hold.then: found "promote", allowed: rollBack or keepHolding',
      ],
    },
    {
      name: 'limits in the unit of another metric, and a quantile of a share',
      added: [
        '  guards:',
        '    - {metric: e2e-latency, max: 1%}',
        '    - {metric: tokens-per-request, maxDifference: 2s}',
        '    - {metric: error-rate, max: 1%, quantile: p99}',
      ],
      refused: [
        '13:34 spec.guards[0].max: found "1%", allowed: a duration such as 500ms or 2s, 1ms to 1h',
        '14:51 spec.guards[1].maxDifference: found "2s", allowed: a number of tokens, at least 1',
        '15:37 spec.guards[2].quantile: found an unknown field, allowed: evidence, max, maxDifference, maxRatio, metric, minimumSamples, sustainedFor, window',
      ],
    },
    {
      name: 'no limit of a metric that has no usual one, and two',
      added: ['  guards:', '    - {metric: gpu-utilisation}', '    - {metric: ttft, max: 2s, maxRatio: 3}'],
      refused: [
        '13:7 spec.guards[0].max: found nothing, allowed: one of max, maxRatio, maxDifference, min, minRatio, minDifference',
        '14:41 spec.guards[1].maxRatio: found 3, allowed: nothing beside max: one of max, maxRatio, maxDifference',
      ],
    },
    {
      name: 'an unknown metric, and none',
      added: ['  guards: [{metric: errors}, {max: 1%}]'],
      refused: [
        `12:21 spec.guards[0].metric: found "errors", allowed: ${allMetrics}`,
        `12:30 spec.guards[1].metric: found nothing, allowed: ${allMetrics}`,
      ],
    },
  ]);
});

describe('types and units', () => {
  refuses([
    {
      name: 'numbers as text',
      lines: { 6: '  service: {name: vllm, port: "8000"}' },
      added: ["  phases: [{weight: '100', bake: 0s}]"],
      refused: [
        '6:31 spec.service.port: found "8000", allowed: a port number, 1 to 65535; write it without quotes',
        '12:21 spec.phases[0].weight: found "100", allowed: 0.1 to 100 in steps of 0.1; write it without quotes',
      ],
    },
    {
      name: 'text that YAML takes for a number, as it was written',
      lines: { 9: '    version: 1.10' },
      refused: [
        '9:14 spec.release.version: found 1.10, allowed: a label value: letters, digits, -, _ and ., at most 63 characters, first and last a letter or digit; write it in quotes',
      ],
    },
    {
      name: 'text for true or false',
      added: ['  phases: [{weight: 100, bake: 0s, requireApproval: yes}]'],
      refused: ['12:53 spec.phases[0].requireApproval: found "yes", allowed: true or false'],
    },
    {
      name: 'durations without unit, with fractions, in days, in the wrong order',
      added: [
        '  keepOld: 30',
        '  guardInterval: "30"',
        '  hold: {limit: 1.5h}',
        '  deadlines: {drain: 1d, canaryReady: 5m1h}',
      ],
      refused: [
        `12:12 spec.keepOld: found 30, allowed: ${duration}, 0s to 480h`,
        `13:18 spec.guardInterval: found "30", allowed: ${duration}, 100ms to 480h`,
        `14:17 spec.hold.limit: found "1.5h", allowed: ${duration}, 1s to 480h`,
        `15:22 spec.deadlines.drain: found "1d", allowed: ${duration}, 0s to 480h`,
        `15:39 spec.deadlines.canaryReady: found "5m1h", allowed: ${duration}, 1s to 480h`,
      ],
    },
    {
      name: 'shares without percent sign',
      added: ['  guards: [{metric: error-rate, max: 0.01}, {metric: error-rate, max: "1"}]'],
      refused: [
        '12:38 spec.guards[0].max: found 0.01, allowed: a share with its percent sign, 0.001% to 100%',
        '12:71 spec.guards[1].max: found "1", allowed: a share with its percent sign, 0.001% to 100%',
      ],
    },
    {
      name: 'replicas that are neither the word nor numbers',
      added: ['  capacity: {replicas: many}'],
      refused: [
        '12:24 spec.capacity.replicas: found "many", allowed: byWeight, or a list with a whole number of pods for each phase',
      ],
    },
  ]);
});
