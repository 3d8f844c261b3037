import type { Part } from '../part.ts';
import { clusterObjects } from './cluster.ts';
import { controlPlane } from './control-plane.ts';
import { gateway } from './gateway.ts';
import { node } from './node.ts';
import { metrics } from './prometheus.ts';
import { temporal } from './temporal.ts';

/** All parts of the embedded platform; each starts when what it needs is healthy. */
export const parts: readonly Part[] = [
  ...controlPlane,
  ...node,
  ...clusterObjects,
  ...gateway,
  ...metrics,
  temporal,
];
