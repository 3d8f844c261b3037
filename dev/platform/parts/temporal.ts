import path from 'node:path';
import type { Part } from '../part.ts';
import { ports } from '../settings.ts';

/** Columns that Sluice's rollouts have in the UI (src/workflows/search-attributes.ts). */
const searchAttributes = [
  'SluiceTarget=Keyword',
  'SluiceVersion=Keyword',
  'SluicePhase=Int',
  'SluiceWeight=Double',
  'SluiceOutcome=Keyword',
];

/** Temporal's dev server: the whole of Temporal in one process, with its UI. */
export const temporal: Part = {
  kind: 'process',
  name: 'temporal',
  about: 'Temporal with its UI; rollouts live in its database file.',
  needs: [],
  command: ({ paths }) => [
    ...['temporal', 'server', 'start-dev', '--log-level', 'warn'],
    // Its services call each other at 127.0.0.1, whatever else they listen on.
    ...['--ip', '0.0.0.0', '--port', String(ports.temporal)],
    ...['--ui-ip', '0.0.0.0', '--ui-port', String(ports.temporalUi)],
    ...searchAttributes.flatMap((it) => ['--search-attribute', it]),
    ...['--db-filename', path.join(paths.data, 'temporal', 'temporal.db')],
  ],
  health: ({ settings }) => ({
    kind: 'command',
    // Passes all its services; `cluster health` asks only the first.
    argv: [
      'temporal',
      'workflow',
      'list',
      '--limit',
      '1',
      '--address',
      `${settings.nodeAddress}:${ports.temporal}`,
    ],
    inBox: false,
  }),
  addresses: ({ settings }) => ({
    Temporal: `${settings.nodeAddress}:${ports.temporal}`,
    'Temporal UI': `http://${settings.nodeAddress}:${ports.temporalUi}`,
  }),
};
