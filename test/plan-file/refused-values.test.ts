import { describe } from '@jest/globals';
import { duration, refuses } from './refuses.ts';

const label = 'a name of a-z, 0-9 and -, at most 63 characters, first and last no -';
const address = 'an http or https address without user, password or fragment';

describe('values', () => {
  refuses([
    {
      name: 'weights out of range or between the steps',
      added: [
        '  phases:',
        '    - weight: 0',
        '      bake: 1h',
        '    - {weight: 0.15, bake: 1h}',
        '    - {weight: 101, bake: 1h}',
      ],
      refused: [
        '13:15 spec.phases[0].weight: found 0, allowed: 0.1 to 100 in steps of 0.1',
        '15:16 spec.phases[1].weight: found 0.15, allowed: 0.1 to 100 in steps of 0.1',
        '16:16 spec.phases[2].weight: found 101, allowed: 0.1 to 100 in steps of 0.1',
      ],
    },
    {
      name: 'limits that nothing keeps, or everything',
      added: [
        '  guards:',
        '    - {metric: error-rate, max: 0%, minimumSamples: 0}',
        '    - {metric: error-rate, max: 101%, minimumSamples: 1.5}',
        '    - {metric: e2e-latency, maxRatio: 0}',
      ],
      refused: [
        '13:33 spec.guards[0].max: found "0%", allowed: a share with its percent sign, 0.001% to 100%',
        '13:53 spec.guards[0].minimumSamples: found 0, allowed: a whole number of requests, at least 1',
        '14:33 spec.guards[1].max: found "101%", allowed: a share with its percent sign, 0.001% to 100%',
        '14:55 spec.guards[1].minimumSamples: found 1.5, allowed: a whole number of requests, at least 1',
        '15:39 spec.guards[2].maxRatio: found 0, allowed: a ratio, 0.01 to 100',
      ],
    },
    {
      name: 'names that Kubernetes refuses',
      lines: {
        3: 'metadata: {name: Llama, namespace: -llm, cluster: a/b}',
        6: '  service: {name: 1vllm, port: 0}',
      },
      refused: [
        `3:18 metadata.name: found "Llama", allowed: ${label}`,
        `3:36 metadata.namespace: found "-llm", allowed: ${label}`,
        `3:51 metadata.cluster: found "a/b", allowed: ${label}`,
        '6:19 spec.service.name: found "1vllm", allowed: a name of a-z, 0-9 and -, at most 63 characters, first a letter, last no -',
        '6:32 spec.service.port: found 0, allowed: a port number, 1 to 65535',
      ],
    },
    {
      name: 'statuses that are none, or that the source does not tell',
      lines: {
        11: '  metrics: {prometheus: {url: "http://prometheus:9090"}, source: vllm, failing: [5xx, "429", 3xx]}',
      },
      refused: [
        '11:87 spec.metrics.failing[1]: found "429", allowed: 4xx or 5xx: vLLM does not tell single statuses apart (spec.metrics.source is "vllm")',
        '11:94 spec.metrics.failing[2]: found "3xx", allowed: 4xx, 5xx, or a status from 400 to 599',
      ],
    },
    {
      name: 'addresses, without telling what is secret in them',
      lines: { 11: '  metrics: {prometheus: {url: "http://user:hunter2@prometheus:9090/x"}}' },
      added: ['  notifications: [{url: "ftp://hooks.example/T0/hunter2"}, {url: prometheus}]'],
      refused: [
        `11:31 spec.metrics.prometheus.url: found "http://…@prometheus:9090/…", allowed: ${address}, and without query`,
        `12:25 spec.notifications[0].url: found "ftp://hooks.example/…", allowed: ${address}`,
        `12:66 spec.notifications[1].url: found "prometheus", allowed: ${address}`,
      ],
    },
    {
      name: 'a header or path that http does not know',
      added: ['  headerRule: {name: "x y", value: ""}', '  warmUp: {path: v1/models, requestsPerPod: -1}'],
      refused: [
        '12:22 spec.headerRule.name: found "x y", allowed: a header name of at most 256 characters (RFC 9110)',
        '12:36 spec.headerRule.value: found "", allowed: a header value: printable ASCII, 1 to 4096 characters, no blank at either end',
        '13:18 spec.warmUp.path: found "v1/models", allowed: a path that starts with /',
        '13:45 spec.warmUp.requestsPerPod: found -1, allowed: a whole number of requests, 0 to 1000',
      ],
    },
    {
      name: 'a patch of the Deployment instead of its pod template',
      lines: { 10: '    patch: {spec: {replicas: 2, template: {spec: {}}}, containers: []}' },
      refused: [
        '10:30 spec.release.patch.spec.replicas: found 2, allowed: a patch of the pod template: spec, metadata or both; replicas is of the Deployment',
        '10:43 spec.release.patch.spec.template: found a map, allowed: a patch of the pod template: spec, metadata or both; template is of the Deployment',
        '10:68 spec.release.patch.containers: found an empty list, allowed: a patch of the pod template: spec, metadata or both',
      ],
    },
  ]);
});

describe('fields together', () => {
  refuses([
    {
      name: 'weights that do not rise, and a last one below 100',
      added: [
        '  phases:',
        '    - {weight: 10, bake: 1h}',
        '    - {weight: 10, bake: 1h}',
        '    - {weight: 99.9, bake: 1h}',
      ],
      refused: [
        '14:16 spec.phases[1].weight: found 10, allowed: more than in the phase before it (spec.phases[0].weight is 10)',
        '15:16 spec.phases[2].weight: found 99.9, allowed: 100 in the last phase',
      ],
    },
    {
      name: 'no phase',
      added: ['  phases: []'],
      refused: ['12:11 spec.phases: found an empty list, allowed: a list of 1 to 100 phases'],
    },
    {
      name: 'replicas for other phases than there are, and falling',
      added: ['  capacity: {replicas: [2, 1, 0]}'],
      refused: [
        '12:24 spec.capacity.replicas: found a list of 3, allowed: one number a phase: 4 (spec.phases is a list of 4, the default)',
        '12:28 spec.capacity.replicas[1]: found 1, allowed: no fewer than in the phase before it (spec.capacity.replicas[0] is 2)',
        '12:31 spec.capacity.replicas[2]: found 0, allowed: a whole number of pods, at least 1',
      ],
    },
    {
      name: 'a window shorter than the guard interval; a default stands where the other field is',
      added: [
        '  guardInterval: 2m',
        '  guards:',
        '    - {metric: error-rate, max: 1%, window: 90s}',
        '    - {metric: e2e-latency, maxRatio: 3}',
      ],
      refused: [
        '12:18 spec.guards[1].window: found 1m, the default, allowed: no shorter than the time between two looks (spec.guardInterval is "2m")',
        '14:45 spec.guards[0].window: found "90s", allowed: no shorter than the time between two looks (spec.guardInterval is "2m")',
      ],
    },
    {
      name: 'all problems at once: of text, shape and rules, beside each other in one list',
      lines: { 6: '  service: {name: vllm}' },
      added: [
        '  phases:',
        '    - {weight: ten, bake: 1h}',
        '    - {weight: 5, bake: 30}',
        '    - {weight: 4, bake: 1h}',
        '  finish: update',
        '  finish: adopt',
      ],
      refused: [
        '6:3 spec.service.port: found nothing, allowed: a port number, 1 to 65535',
        '13:16 spec.phases[0].weight: found "ten", allowed: 0.1 to 100 in steps of 0.1',
        `14:25 spec.phases[1].bake: found 30, allowed: ${duration}, 0s to 480h`,
        '15:16 spec.phases[2].weight: found 4, allowed: 100 in the last phase',
        '17:3 spec.finish: found the field a second time, allowed: each field once',
      ],
    },
  ]);
});
