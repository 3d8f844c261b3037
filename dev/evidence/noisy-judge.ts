import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import type { JudgedPair, PairKind, Preference } from '../../src/domain/judge/judged-pair.ts';
import { judgeDefaults } from '../../src/domain/plan/judge-defaults.ts';
import type { Random } from '../../src/domain/simulation/random.ts';

/** A made-up judge, and how two made-up arms answer it; in points of the scale from 1 to 5. */
export interface Scene {
  /** By how much the canary's true mean score is below stable's: a share of 1. */
  readonly worse: number;
  /** What the judge adds to whatever it sees first. */
  readonly favour: number;
}

/** Deviations, in points. */
const scatter = {
  /** Of prompts: some are hard for both arms. */
  prompts: 0.7,
  /** Of one arm's answers to prompts that are equally hard. */
  answers: 1.15,
  /** Of one answer's criteria. */
  criteria: 0.4,
  /** Of what a judge says of the same, asked again. */
  votes: 0.5,
} as const;
/** What stable's answers are worth on average; what is spoilt is worth nothing. */
const worth = { stable: 4, spoilt: 0 } as const;
/** Answers that are nearer to each other than this are a tie to the judge, in points. */
const alike = 0.3;
const criteria = judgeDefaults.criteria.length;

/** So many prompts, and the noise and sanity pairs that the built-in plan mixes in. */
export function judgedPairs(prompts: number, scene: Scene, random: Random): JudgedPair[] {
  const canary = worthOf(scene);
  const { noiseShare, sanityShare } = judgeDefaults;
  const sanity = Math.round((prompts * sanityShare) / 2);
  const some = (kind: PairKind, count: number) =>
    Array.from({ length: count }, (_, index) => pairOf(`${kind} ${index}`, kind, { canary, scene, random }));
  return [
    ...some('arms', prompts),
    ...some('noise', Math.round(prompts * noiseShare)),
    ...some('identical', sanity),
    ...some('spoilt', sanity),
  ];
}

interface Asked {
  readonly canary: number;
  readonly scene: Scene;
  readonly random: Random;
}

function pairOf(id: string, kind: PairKind, { canary, scene, random }: Asked): JudgedPair {
  const prompt = scatter.prompts * normal(random);
  const means = { arms: canary, noise: worth.stable, identical: worth.stable, spoilt: worth.spoilt };
  const stable = answered(worth.stable + prompt, random);
  const other = kind === 'identical' ? stable : answered(means[kind] + prompt, random);
  const orders = [
    seen(stable, other, scene.favour, random),
    seen(other, stable, scene.favour, random),
  ] as const;
  const votes = [orders[0].vote, orders[1].vote] as const;
  const [stableFirst, canaryFirst] = votes;
  const winner =
    stableFirst === 'first' && canaryFirst === 'second'
      ? 'stable'
      : stableFirst === 'second' && canaryFirst === 'first'
        ? 'canary'
        : 'tie';
  const scores = {
    stable: (orders[0].first + orders[1].second) / 2,
    canary: (orders[0].second + orders[1].first) / 2,
  };
  return { id, kind, category: null, judgement: { votes, winner, scores }, lostBy: null, lengths: null };
}

/** What an answer is worth, by criterion. */
type Answer = readonly number[];

function answered(mean: number, random: Random): Answer {
  const whole = mean + scatter.answers * normal(random);
  return judgeDefaults.criteria.map(() => whole + scatter.criteria * normal(random));
}

/** What a judge says of two answers in one order: its vote, and scores from 0 to 1. */
function seen(one: Answer, two: Answer, favour: number, random: Random) {
  let [first, second, over] = [0, 0, 0];
  for (let index = 0; index < criteria; index += 1) {
    const slip = scatter.votes * normal(random);
    // Who sees one text twice sees the same in it, but for its place.
    const other = one === two ? slip : scatter.votes * normal(random);
    const [better, worse] = [(one[index] ?? NaN) + favour + slip, (two[index] ?? NaN) + other];
    first += scored(better) / criteria;
    second += scored(worse) / criteria;
    over += (better - worse) / criteria;
  }
  const vote: Preference = Math.abs(over) < alike ? 'tie' : over > 0 ? 'first' : 'second';
  return { vote, first, second };
}

/** 0 to 1, by whole points. */
function scored(points: number): number {
  return (Math.min(5, Math.max(1, Math.round(points))) - 1) / 4;
}

/** Each as likely as any other: as good here as drawing from the curve, and several times as quick. */
const normals = Float64Array.from({ length: 2 ** 16 }, (_, index) =>
  normalQuantile((index + 0.5) / 2 ** 16, 0, 1),
);

function normal(random: Random): number {
  return normals[Math.floor(random() * normals.length)] ?? NaN;
}

/** What the canary's answers are worth on average, for its mean score to be just so much worse: rounding takes its part. */
function worthOf({ worse, favour }: Scene): number {
  const aim = expected(worth.stable, favour) * (1 - worse);
  let [low, high] = [-10, 10];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (expected(middle, favour) < aim) low = middle;
    else high = middle;
  }
  return low;
}

/** The mean score of answers that are worth so much, half of them seen first: how often a point is at least 2, 3, 4 and 5. */
function expected(mean: number, favour: number): number {
  const { prompts, answers, criteria: each, votes } = scatter;
  const deviation = Math.hypot(prompts, answers, each, votes);
  const atLeast = [1.5, 2.5, 3.5, 4.5].flatMap((point) =>
    [0, favour].map((more) => normalCdf((mean + more - point) / deviation, 0, 1)),
  );
  return meanOf(atLeast);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, it) => sum + it, 0) / values.length;
}
