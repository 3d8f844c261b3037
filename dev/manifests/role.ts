/** Writes k8s/target-namespace/role.yaml from what the adapters say they use: `dev/run.sh node dev/manifests/role.ts`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { judgeRights, workloadRights, type Right } from '../../src/adapters/kubernetes/rights.ts';

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
  const rules = [
    ...[...trafficRights, ...workloadRights].map((right) =>
      rule(right, right.finish === undefined ? '' : ` (only for finish: ${right.finish})`),
    ),
    ...judgeRights.map((right) => rule(right, ' (only for plans with a judge)')),
  ];
  return format(`${head}${rules.join('')}`, { parser: 'yaml', printWidth: 110, singleQuote: true });
}

function rule({ group, resource, verbs, why }: Right, when: string): string {
  return `  # ${why}${when}
  - apiGroups: [${group === '' ? "''" : group}]
    resources: [${resource}]
    verbs: [${verbs.join(', ')}]
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(roleFile, await roleText());
}
