import { constants } from 'node:fs';
import { access, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { exists } from './cache.ts';
import { debianPrograms, type DebianProgram } from './catalogue.ts';
import { ToolProblem, type Progress } from './progress.ts';

const policyFile = '/usr/sbin/policy-rc.d';
const policy = '#!/bin/sh\n# Written by Sluice while it installs packages; safe to remove.\nexit 101\n';

/** The programs that are not on this machine; of {@link debianPrograms}, if nothing else is said. */
export async function missingPrograms(
  env: NodeJS.ProcessEnv = process.env,
  programs: readonly DebianProgram[] = debianPrograms,
): Promise<DebianProgram[]> {
  const found = await Promise.all(programs.map((it) => isThere(it.program, env['PATH'] ?? '')));
  return programs.filter((_, index) => !found[index]);
}

async function isThere(program: string, searchPath: string): Promise<boolean> {
  if (path.isAbsolute(program)) return exists(program);
  const candidates = searchPath.split(':').map((folder) => path.join(folder, program));
  const executable = (file: string) =>
    access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
  return (await Promise.all(candidates.map(executable))).includes(true);
}

/**
 * Installs what is missing with apt-get. Nothing is removed for it (apt refuses instead), and no service of a
 * new package is started or enabled: the platform starts its own, inside its own namespaces.
 * @param programs default {@link debianPrograms}
 * @throws ToolProblem when apt-get is missing or refuses.
 */
export async function installMissingPrograms(
  progress: Progress,
  programs: readonly DebianProgram[] = debianPrograms,
): Promise<void> {
  const missing = await missingPrograms(process.env, programs);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((it) => it.package))];
  if (!(await isThere('apt-get', process.env['PATH'] ?? ''))) {
    const programs = missing.map((it) => it.program).join(', ');
    throw new ToolProblem(
      `Missing programs: ${programs}`,
      `Without apt-get Sluice cannot install them: install what Debian calls ${packages.join(', ')} yourself.`,
    );
  }
  progress('apt-get update');
  await apt(['update']);
  progress(`apt-get install ${packages.join(' ')}`);
  await withoutServiceStarts(() =>
    apt(['install', '--yes', '--no-install-recommends', '--no-remove', ...packages]),
  );
  await disableServices(packages);
  const still = await missingPrograms(process.env, programs);
  if (still.length > 0) {
    throw new ToolProblem(
      `Installed, but still not found: ${still.map((it) => it.program).join(', ')}`,
      'Is PATH complete?',
    );
  }
}

async function apt(args: string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const result = await execa('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], {
    env,
    reject: false,
    all: true,
  });
  if (result.failed)
    throw new ToolProblem(`apt-get ${args[0] ?? ''} failed`, result.all.split('\n').slice(-15).join('\n'));
}

/** policy-rc.d is how Debian lets an installer forbid starts; a file of somebody else is left alone. */
async function withoutServiceStarts(install: () => Promise<void>): Promise<void> {
  const ours = !(await exists(policyFile)) || (await readFile(policyFile, 'utf8')) === policy;
  if (ours) await writeFile(policyFile, policy, { mode: 0o755 });
  try {
    await install();
  } finally {
    if (ours) await rm(policyFile, { force: true });
  }
}

/** Without this a machine with systemd would start them at its next boot. */
async function disableServices(packages: readonly string[]): Promise<void> {
  if (!(await exists('/run/systemd/system'))) return;
  const services = ['containerd', 'prometheus', 'prometheus-alertmanager'].filter((it) =>
    packages.includes(it),
  );
  if (services.length > 0) await execa('systemctl', ['disable', ...services], { reject: false });
}
