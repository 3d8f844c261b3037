// ESM mode: jest runs under `node --experimental-vm-modules`, see test/run.ts.
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // A look-up of a global costs much in the vm that tests run in: the libraries' distributions took 100 times as long.
  sandboxInjectedGlobals: ['Math'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }] },
};

/** @type {import('jest').Config} */
export default {
  // For what hangs: what one of these takes alone, a machine that has more to do takes many times as long for. Benches
  // measure time.
  testTimeout: 300_000,
  projects: [
    // Needs nothing but Node.js.
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/test/{dev,domain,plan-file,activities,replay,cli,worker,judge,judge-jobs}/**/*.test.ts',
      ],
    },
    // One platform for all of them, embedded or a person's own.
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/{adapters,workflows,e2e}/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/platform-up.ts',
      globalTeardown: '<rootDir>/test/support/platform-down.ts',
    },
    // Starts, kills and ends embedded platforms of its own.
    { ...shared, displayName: 'lifecycle', testMatch: ['<rootDir>/test/lifecycle/**/*.test.ts'] },
  ],
};
