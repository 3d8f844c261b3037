import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FeedbackPlan } from '../../../src/domain/plan/metrics-plan.ts';
import { line, ScrapedPage } from './scraped-page.ts';

/** Two counters of different names, as an application may have them. */
const feedback: FeedbackPlan = {
  positive: { name: 'chat_liked_total', labels: {} },
  negative: { name: 'chat_disliked_total', labels: { reason: 'answer' } },
  arms: { label: 'release', stable: 'v1.2', canary: 'v1.3' },
};

describe('feedback: counted by a Prometheus', () => {
  let page: ScrapedPage;

  beforeAll(async () => {
    page = await ScrapedPage.deploy('feedback');
  });
  afterAll(() => page.remove(), 60_000);

  const liked = (release: string, value: number) => line('chat_liked_total', { release }, value);
  const disliked = (release: string, value: number, reason = 'answer') =>
    line('chat_disliked_total', { release, reason }, value);
  const types = '# TYPE chat_liked_total counter\n# TYPE chat_disliked_total counter';
  const text = (...lines: readonly string[]) => [types, ...lines].join('\n');
  const since = (ms: number) => page.measure(ms, ['user-satisfaction'], { feedback });
  const before = [liked('v1.2', 900), disliked('v1.2', 100)];

  test('each arm’s ratings, and nobody else’s', async () => {
    const startMs = await page.show(text(...before));
    await page.show(
      text(
        liked('v1.2', 990),
        disliked('v1.2', 110),
        disliked('v1.2', 50, 'price'),
        liked('v1.3', 12),
        disliked('v1.3', 3),
        liked('v1x3', 500),
      ),
    );
    expect(await since(startMs)).toEqual({
      kind: 'measured',
      stable: { 'user-satisfaction': { bad: 10, total: 100 } },
      canary: { 'user-satisfaction': { bad: 3, total: 15 } },
    });
  });

  test('an application that was restarted counts on from nothing', async () => {
    const startMs = await page.show(text(...before, liked('v1.3', 100), disliked('v1.3', 20)));
    await page.show(text(...before, liked('v1.3', 4), disliked('v1.3', 1)));
    expect(await since(startMs)).toMatchObject({ canary: { 'user-satisfaction': { bad: 1, total: 5 } } });
  });

  test('a canary that nobody likes is disliked by all, and not missing', async () => {
    const startMs = await page.show(text(...before));
    await page.show(text(...before, disliked('v1.4', 9)));
    const arms = { ...feedback.arms, canary: 'v1.4' };
    const found = await page.measure(startMs, ['user-satisfaction'], { feedback: { ...feedback, arms } });
    expect(found).toMatchObject({ canary: { 'user-satisfaction': { bad: 9, total: 9 } } });
  });

  test('a canary that nobody has rated is missing, and not liked by all', async () => {
    const startMs = await page.show(text(...before));
    await page.show(text(...before));
    const found = await since(startMs);
    expect(found).toMatchObject({
      stable: { 'user-satisfaction': { bad: 0, total: 0 } },
      canary: { 'user-satisfaction': { missing: expect.stringContaining('the canary') } },
    });
  });
});
