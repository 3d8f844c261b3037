import os from 'node:os';

/**
 * Who gives the command, for the record: the person whom the CI system names, else `user@host`.
 * Nobody checks it: Temporal's own rights decide who may send commands.
 */
export function whoAsks(env: NodeJS.ProcessEnv): string {
  for (const actor of [env['GITHUB_ACTOR'], env['GITLAB_USER_LOGIN']]) {
    if (actor !== undefined && actor !== '') return actor;
  }
  return `${userName(env)}@${os.hostname()}`;
}

function userName(env: NodeJS.ProcessEnv): string {
  try {
    return os.userInfo().username;
  } catch {
    // A container may run as a number that no user has.
    return env['USER'] ?? 'unknown';
  }
}
