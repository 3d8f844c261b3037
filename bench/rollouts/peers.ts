/**
 * What each figure must keep to, and what today's tools need for the same, measured on a machine of this kind (2 cores;
 * median, max). Those tools were measured once, when Sluice was designed; `make bench` does not run them.
 */
export const peers = {
  'first bad sample to route written, interval 1 s': ['0.12 s, max 0.3 s', '0.24 s, max 0.51 s', ''],
  'first bad sample to route written, interval 10 s': ['0.12 s, max 0.3 s', '0.41 s', '10.0 s'],
  'breach to route written, interval 1 s': ['0.7 s, max 1.2 s', '0.80 s, max 1.35 s', '15.1 s, max 18.9 s'],
  'the same, 1 of 4 stable pods unready, interval 1 s': [
    'as any breach',
    'not within 90 s',
    'not within 90 s',
  ],
  'abort to route written': ['0.05 s, max 0.15 s', '0.064 s, max 0.137 s', '6.0 s, max 7.9 s'],
  'ten phases without bakes, pods ready': ['1.0 s', '1.0 s', '139 s'],
  'of these, until the gateway had accepted the routes': ['', 'not waited for', 'not waited for'],
  'writes to the API server, ten phases': ['40', '92-106', '38-43'],
  'writes to the API server, default plan': ['25', '', ''],
  'history of the default plan': ['200 events, 1024 KiB', '', ''],
  'a bake of 60 s, worker killed after 20 s': ['60 s +- 1', '59.4 s', '30.9 s'],
  'a bake of 60 s, worker killed after 50 s': ['60 s +- 1', '66.7 s', ''],
  'worker restarted to watching again, the longer of the two': ['6 s', '16.6 s', '10.7 s'],
  '50 at rest, a minute': [
    'no more CPU than Argo in sum',
    '1.0 s CPU, 97 MiB, API server 3.8 s CPU',
    '3.0 s CPU, 87 MiB, API server 8.7 s CPU',
  ],
  '200 at rest, a minute': [
    'linear, 100 % of looks',
    '2.8 s CPU, 127 MiB, API server 9.4 s CPU',
    '7.7 s CPU, 106 MiB, API server 19.0 s CPU, half of the looks',
  ],
} as const satisfies Record<string, readonly [budget: string, argo: string, flagger: string]>;

export type Measured = keyof typeof peers;
