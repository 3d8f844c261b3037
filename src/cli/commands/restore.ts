import { Command, InvalidArgumentError, Option } from 'commander';
import { formats, ranges } from '../../domain/plan/rules/values.ts';
import type { CliContext } from '../context.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { namespaceOption, outputOption, type OutputFlag } from '../flags.ts';
import { restore, type RestoreFlags } from '../restore/restore.ts';

const examples = `
Examples:
  sluice restore rollout.yaml
  sluice restore -n llm                       # the file is not at hand: finds the target by its marks
  sluice restore -n llm --route llm --dry-run
  sluice restore rollout.yaml --yes --output json

The way out when Temporal or its workers are away; while they run, use sluice abort. Needs neither: it reads what the
rollout has noted on the HTTPRoute, the Deployment and the autoscaler. Traffic goes back first, then the canary goes.
The rollout's own writes are refused from then on. Harmless when there is nothing to do; what it was cut off from doing,
it does when it is run again.

Talks to the cluster of KUBECONFIG, of the pod's service account, or of ~/.kube/config. Without a file, and without all
of --route, --deployment, --service and --port, it must be allowed to list httproutes, deployments and services.`;

export function restoreCommand(cli: CliContext, finish: (code: ExitCode) => void): Command {
  return new Command('restore')
    .argument('[file]', 'rollout file (YAML), which names the target')
    .description('Put a target back to stable without Temporal, from what its objects say')
    .addOption(namespaceOption('Kubernetes namespace of the target (default: the file’s, or default)'))
    .addOption(new Option('--route <name>', 'the HTTPRoute').argParser(objectName))
    .addOption(new Option('--deployment <name>', 'stable’s Deployment').argParser(objectName))
    .addOption(new Option('--service <name>', 'stable’s Service').argParser(objectName))
    .addOption(new Option('--port <n>', 'the port of it that the route names').argParser(port))
    .option('--context <name>', 'context of the kubeconfig (default: its current one)')
    .option('-y, --yes', 'do not ask')
    .option(
      '--force',
      'do not ask, and go on although stable has no ready pod or the gateway does not answer',
    )
    .option('--dry-run', 'show what would be done, change nothing')
    .addOption(outputOption('lines for people, or one JSON object at the end'))
    .addHelpText('after', examples)
    .action(async (file: string | undefined, flags: RestoreFlags & OutputFlag) => {
      await restore(cli, file, flags);
      finish(exitCodes.ok);
    });
}

function objectName(value: string): string {
  const { pattern, text } = formats.subdomain;
  if (!pattern.test(value)) throw new InvalidArgumentError(`It must be ${text}.`);
  return value;
}

function port(value: string): number {
  const { min, max, text } = ranges.port;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max)
    throw new InvalidArgumentError(`It must be ${text}.`);
  return number;
}
