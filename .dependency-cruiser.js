/**
 * Who may import whom: the table of docs/architecture.md, checked by `make lint`.
 * A folder may import itself and the folders named for it, nothing else of ours.
 */
const allowed = {
  'src/domain': [],
  'src/ports': ['src/domain'],
  'src/plan-file': ['src/domain'],
  'src/workflows': ['src/domain', 'src/activities'],
  'src/activities': ['src/domain', 'src/ports'],
  'src/adapters': ['src/domain', 'src/ports'],
  'src/worker': ['src/activities', 'src/adapters', 'src/ports', 'src/domain', 'src/workflows'],
  'src/judge': ['src/domain'],
  // Of the worker only its main.ts, see below.
  'src/cli': [
    'src/domain',
    'src/plan-file',
    'src/workflows',
    'src/adapters',
    'src/ports',
    'src/worker',
    'src/judge',
  ],
  'dev/tools': [],
  'dev/platform': ['dev/tools'],
  'dev/pod-discovery': [],
  'dev/standin': [],
  'dev/judge-standin': ['dev/standin'],
  'dev/load': ['src/domain'],
  'dev/cluster': [],
  'dev/demo': ['dev/cluster', 'dev/platform', 'dev/load', 'src/domain', 'src/workflows'],
  'dev/screenshots': ['dev/cluster', 'dev/platform', 'dev/load', 'dev/demo', 'dev/tools', 'src/domain'],
  'dev/evidence': ['src/domain'],
  'dev/manifests': ['src/adapters'],
};

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['main\\.ts$', '\\.test\\.ts$'] },
      to: {},
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'product-knows-no-dev',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(dev|test|bench)/' },
    },
    {
      name: 'cli-only-starts-the-worker',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/worker/', pathNot: '^src/worker/main\\.ts$' },
    },
    {
      name: 'cli-only-restore-touches-the-cluster',
      comment:
        'CI needs no rights in the cluster; restore, the way out without Temporal (S14), is the one exception.',
      severity: 'error',
      from: { path: '^src/cli/', pathNot: '^src/cli/restore/' },
      to: { path: '^src/(adapters|ports)/' },
    },
    ...Object.entries(allowed).map(([folder, others]) => ({
      name: `imports-of-${folder.replace('/', '-')}`,
      severity: 'error',
      from: { path: `^${folder}/` },
      to: { path: '^(src|dev)/', pathNot: [folder, ...others].map((it) => `^${it}/`) },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
