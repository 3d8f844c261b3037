/** Writes k8s/target-namespace/role.yaml from what the adapters say they use: `dev/run.sh node dev/manifests/role.ts`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { workloadRights, type Right } from '../../src/adapters/kubernetes/rights.ts';

/** Of src/adapters/gateway-api/http-route-traffic.ts. */
const trafficRights: readonly Right[] = [
  {
    group: 'gateway.networking.k8s.io',
    resource: 'httproutes',
    verbs: ['get', 'watch', 'update', 'patch'],
    why: 'gives the canary its weight, and takes it back; sees what others change',
  },
];

export const roleFile = fileURLToPath(new URL('../../k8s/target-namespace/role.yaml', import.meta.url));

const head = `# Written by dev/manifests/role.ts from the rights that the adapters name; a test compares.
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: sluice-worker }
rules:
`;

/** The whole text of the file: one rule a resource, with the reason for it. */
export function roleText(): Promise<string> {
  const rules = [...trafficRights, ...workloadRights].map(
    ({
      group,
      resource,
      verbs,
      why,
      finish,
    }) => `  # ${why}${finish === undefined ? '' : ` (only for finish: ${finish})`}
  - apiGroups: [${group === '' ? "''" : group}]
    resources: [${resource}]
    verbs: [${verbs.join(', ')}]
`,
  );
  return format(`${head}${rules.join('')}`, { parser: 'yaml', printWidth: 110, singleQuote: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(roleFile, await roleText());
}
