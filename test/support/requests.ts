import { Agent, request } from 'undici';

/** How many answers came from each arm, and how many of each status. */
export interface Answers {
  readonly arms: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
}

/** Sends `count` small requests through the gateway as fast as it answers, 16 at a time. */
export async function sendMany(gateway: string, host: string, count: number): Promise<Answers> {
  const agent = new Agent({ connections: 16 });
  const arms: Record<string, number> = {};
  const statuses: Record<string, number> = {};
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const response = await request(`${gateway}/v1/models`, { dispatcher: agent, headers: { host } });
      await response.body.dump();
      const arm = String(response.headers['x-sluice-arm'] ?? 'unknown');
      arms[arm] = (arms[arm] ?? 0) + 1;
      statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  await agent.close();
  return { arms, statuses };
}
