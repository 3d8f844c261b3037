import { expect, test } from '@jest/globals';
import { Client } from 'undici';
import { BehaviourRefusedError, startStandin } from '../../../dev/standin/server.ts';
import { atOnce, openStream, stuckAfterOneToken, wholeStream, withStandin } from './client.ts';

const question = 'What is 17 + 25?';

test('while it drains it takes no connection and closes kept ones after their next answer', () =>
  withStandin({ behaviour: stuckAfterOneToken }, async (standin) => {
    const { url } = standin;
    const kept = [new Client(url), new Client(url)] as const;
    const get = (client: Client, path: string) => client.request({ path, method: 'GET' });
    for (const client of kept) await (await get(client, '/version')).body.dump();
    const stream = await openStream(standin, question);
    await stream.events.next();

    const drained = standin.drain(600_000);
    const health = await get(kept[0], '/health');
    expect([health.statusCode, health.headers['connection']]).toEqual([503, 'close']);
    const models = await get(kept[1], '/v1/models');
    expect([models.statusCode, models.headers['connection']]).toEqual([200, 'close']);
    await Promise.all([health.body.dump(), models.body.dump()]);
    const late = new Client(url);
    await expect(get(late, '/version')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    stream.leave();
    expect(await drained).toEqual({ cut: 0 });
    await Promise.all([late, ...kept].map((client) => client.close()));
  }));

test('requests that do not end in time are cut off and counted', async () => {
  const standin = await startStandin({ model: 'tiny', behaviour: stuckAfterOneToken });
  const streams = [await openStream(standin, question), await openStream(standin, question)];
  const broken = streams.map((stream) => expect(wholeStream(stream)).rejects.toThrow('terminated'));
  expect(await standin.drain(0)).toEqual({ cut: 2 });
  await Promise.all(broken);
});

test('an idle one is drained at once', async () => {
  const standin = await startStandin({ behaviour: atOnce });
  expect(await standin.drain(600_000)).toEqual({ cut: 0 });
});

test('a port that is taken is told', () =>
  withStandin({}, async ({ url }) => {
    await expect(startStandin({ port: Number(new URL(url).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  }));

test('a behaviour that is not valid is told before anything listens', async () => {
  await expect(startStandin({ behaviour: { seed: -1 } })).rejects.toThrow(BehaviourRefusedError);
  await expect(startStandin({ behaviour: { seed: -1 } })).rejects.toMatchObject({
    problems: ['behaviour.seed must be a whole number from 0 to 4294967295, found -1'],
  });
});
