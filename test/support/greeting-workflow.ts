import { proxyActivities, sleep } from '@temporalio/workflow';

interface Activities {
  greet(name: string): Promise<string>;
}

const { greet } = proxyActivities<Activities>({ startToCloseTimeout: '10 s' });

/** The smallest workflow that uses a timer and an activity. */
export async function greetAfterPause(name: string): Promise<string> {
  await sleep(100);
  return greet(name);
}
