/** The LLM judge of a plan: what its Jobs cannot work with. What they can, and probably should not: judge-advice.ts. */
import type { JudgePlan, TranscriptsPlan } from '../judge-plan.ts';
import type { Plan } from '../plan.ts';
import { whyNoEndpoint, whyNoPrompts, whyNoStore } from './judge-addresses.ts';
import { judgeFormats, judgeRanges, mostCriteria } from './judge-values.ts';
import { parseQuantity } from './quantity.ts';
import type { Finding, PlanPath } from './rule.ts';
import { looksLikeSecret } from './secrets.ts';
import { formats, isIn, ranges, type Format, type Range } from './values.ts';

type NumberOf = readonly [PlanPath, number | null, Range];
type TextOf = readonly [PlanPath, string | null, Format];

export function* judgeNumbersInRange({ judge }: Plan): Iterable<Finding> {
  if (judge === null) return;
  for (const [path, value, range] of numbersOf(judge)) {
    if (value !== null && !isIn(range, value)) yield { path: ['judge', ...path], allowed: range.text };
  }
}

function numbersOf(judge: JudgePlan): NumberOf[] {
  const { limits, sampling, trust, transcripts, price } = judge;
  return [
    ...judge.atWeights.map((it, index): NumberOf => [['atWeights', index], it, ranges.weightPercent]),
    [['limits', 'maxDrop'], limits.maxDrop, judgeRanges.limit],
    [['limits', 'minWinRate'], limits.minWinRate, judgeRanges.limit],
    [['limits', 'minScore'], limits.minScore, judgeRanges.limit],
    [['minimumPairs'], judge.minimumPairs, judgeRanges.pairs],
    [['sampling', 'temperature'], sampling.temperature, judgeRanges.temperature],
    [['sampling', 'seed'], sampling.seed, judgeRanges.seed],
    [['sampling', 'maxTokens'], sampling.maxTokens, judgeRanges.tokens],
    [['concurrency'], judge.concurrency, judgeRanges.concurrency],
    [['requestsPerSecond'], judge.requestsPerSecond, judgeRanges.requestsPerSecond],
    [['mostPrompts'], judge.mostPrompts, judgeRanges.prompts],
    [['noiseShare'], judge.noiseShare, judgeRanges.share],
    [['sanityShare'], judge.sanityShare, judgeRanges.share],
    [['trust', 'mostLost'], trust.mostLost, judgeRanges.share],
    [['trust', 'leastRight'], trust.leastRight, judgeRanges.share],
    [['attempts'], judge.attempts, judgeRanges.attempts],
    [['deadlineMs'], judge.deadlineMs, judgeRanges.deadlineMs],
    [['transcripts', 'keepMs'], transcripts?.keepMs ?? null, judgeRanges.keepMs],
    [['price', 'inputPerMillion'], price?.inputPerMillion ?? null, ranges.inputPrice],
    [['price', 'outputPerMillion'], price?.outputPerMillion ?? null, ranges.inputPrice],
  ];
}

export function* judgeTextsAreWellFormed({ judge }: Plan): Iterable<Finding> {
  if (judge === null) return;
  for (const [path, value, { pattern, text }] of textsOf(judge)) {
    if (value !== null && !pattern.test(value)) yield { path: ['judge', ...path], allowed: text };
  }
}

function textsOf({ image, prompts, endpoint, model, transcripts }: JudgePlan): TextOf[] {
  const configMap = 'configMap' in prompts ? prompts.configMap : null;
  const at: PlanPath = ['endpoint', 'apiKey'];
  return [
    [['image'], image, judgeFormats.image],
    [['prompts', 'configMap', 'name'], configMap?.name ?? null, formats.subdomain],
    [['prompts', 'configMap', 'key'], configMap?.key ?? null, judgeFormats.dataKey],
    [['endpoint', 'model'], endpoint?.model ?? null, judgeFormats.model],
    [[...at, 'secret'], endpoint?.apiKey?.secret ?? null, formats.subdomain],
    [[...at, 'key'], endpoint?.apiKey?.key ?? null, judgeFormats.dataKey],
    [['model'], model, judgeFormats.model],
    ...(transcripts === null ? [] : placeTexts(transcripts)),
  ];
}

function placeTexts(transcripts: TranscriptsPlan): TextOf[] {
  if ('claim' in transcripts) return [[['transcripts', 'claim'], transcripts.claim, formats.subdomain]];
  const { region, bucket, prefix, credentials } = transcripts.s3;
  const at: PlanPath = ['transcripts', 's3'];
  return [
    [[...at, 'region'], region, judgeFormats.region],
    [[...at, 'bucket'], bucket, judgeFormats.bucket],
    [[...at, 'prefix'], prefix, judgeFormats.prefix],
    [[...at, 'credentials', 'secret'], credentials.secret, formats.subdomain],
    [[...at, 'credentials', 'accessKeyId'], credentials.accessKeyId, judgeFormats.dataKey],
    [[...at, 'credentials', 'secretAccessKey'], credentials.secretAccessKey, judgeFormats.dataKey],
  ];
}

/** A plan is kept in the history of its workflow, where no key belongs (S12). */
export function* judgeKeysAreNamed({ judge }: Plan): Iterable<Finding> {
  if (judge === null) return;
  for (const [path, names] of keyNames(judge)) {
    for (const [field, name] of Object.entries(names)) {
      if (!looksLikeSecret(name)) continue;
      const allowed =
        'the name of a Secret and of its entry, never the key itself (kubectl create secret generic NAME --from-file=KEY)';
      yield { path: ['judge', ...path, field], allowed };
    }
  }
}

function* keyNames({
  endpoint,
  transcripts,
}: JudgePlan): Iterable<[PlanPath, Readonly<Record<string, string>>]> {
  if (endpoint?.apiKey != null) yield [['endpoint', 'apiKey'], endpoint.apiKey];
  if (transcripts !== null && 's3' in transcripts)
    yield [['transcripts', 's3', 'credentials'], { ...transcripts.s3.credentials }];
}

export function* judgeUrlsAreUsable({ judge }: Plan): Iterable<Finding> {
  if (judge === null) return;
  const { prompts, endpoint, transcripts } = judge;
  if (endpoint !== null) {
    const allowed = whyNoEndpoint(endpoint.url);
    if (allowed !== null) yield { path: ['judge', 'endpoint', 'url'], allowed };
  }
  if ('url' in prompts) {
    const allowed = whyNoPrompts(prompts.url);
    if (allowed !== null) yield { path: ['judge', 'prompts', 'url'], allowed };
  }
  if (transcripts !== null && 's3' in transcripts) {
    const allowed = whyNoStore(transcripts.s3.endpoint);
    if (allowed !== null) yield { path: ['judge', 'transcripts', 's3', 'endpoint'], allowed };
  }
}

export function* judgeHasLimits({ judge }: Plan): Iterable<Finding> {
  if (judge === null || Object.values(judge.limits).some((it) => it !== null)) return;
  yield { path: ['judge', 'limits'], allowed: 'at least one of maxDrop, minWinRate, minScore' };
}

export function* judgedWeightsAreOfPhases({ judge, phases }: Plan): Iterable<Finding> {
  if (judge === null) return;
  const { atWeights } = judge;
  const weights = phases.map((it) => it.weightPercent);
  const allowed = `weights of phases: ${weights.join(', ')}`;
  if (atWeights.length === 0)
    yield { path: ['judge', 'atWeights'], allowed: `at least one of the ${allowed}` };
  for (const [index, weight] of atWeights.entries()) {
    const path = ['judge', 'atWeights', index];
    const first = atWeights.indexOf(weight);
    if (!weights.includes(weight)) yield { path, allowed };
    else if (first < index)
      yield { path, allowed: 'each weight once', comparedWith: ['judge', 'atWeights', first] };
  }
}

export function* rubricIsUsable({ judge }: Pick<Plan, 'judge'>): Iterable<Finding> {
  if (judge === null) return;
  const { criteria } = judge;
  const at: PlanPath = ['judge', 'criteria'];
  if (criteria.length === 0 || criteria.length > mostCriteria)
    yield { path: at, allowed: `a list of 1 to ${mostCriteria} criteria` };
  const { criterionName, criterionDescription } = judgeFormats;
  for (const [index, { name, description }] of criteria.entries()) {
    const path = [...at, index, 'name'];
    const first = criteria.findIndex((it) => it.name === name);
    if (!criterionName.pattern.test(name)) yield { path, allowed: criterionName.text };
    else if (first < index) yield { path, allowed: 'each name once', comparedWith: [...at, first, 'name'] };
    if (!criterionDescription.pattern.test(description))
      yield { path: [...at, index, 'description'], allowed: criterionDescription.text };
  }
}

/** Otherwise no Job can ever pass. */
export function* enoughPromptsAreAsked({ judge }: Pick<Plan, 'judge'>): Iterable<Finding> {
  if (judge?.mostPrompts == null || judge.minimumPairs <= judge.mostPrompts) return;
  const allowed = 'no more than the prompts that are asked, or nothing ever passes';
  yield { path: ['judge', 'minimumPairs'], allowed, comparedWith: ['judge', 'mostPrompts'] };
}

/** Node.js itself needs about 50 MiB; and `256m` are not mebibytes, but a quarter of a byte. */
const leastMemory = 32 * 2 ** 20;
/** Kubernetes counts no less. */
const leastCpu = 0.001;

export function* judgeResourcesSuffice({ judge }: Plan): Iterable<Finding> {
  if (judge === null) return;
  const { cpu, memory } = judge.resources;
  const { text } = judgeFormats.quantity;
  const amounts = [
    ['cpu', parseQuantity(cpu), leastCpu, 'at least 1m of a CPU'],
    ['memory', parseQuantity(memory), leastMemory, 'at least 32Mi: Mi are mebibytes, m would be thousandths'],
  ] as const;
  for (const [name, amount, least, tooLittle] of amounts) {
    const path = ['judge', 'resources', name];
    if (amount === null) yield { path, allowed: text };
    else if (amount < least) yield { path, allowed: tooLittle };
  }
}

/** In the order in which they are asked. */
export const judgeRules = [
  judgeNumbersInRange,
  judgeKeysAreNamed,
  judgeTextsAreWellFormed,
  judgeUrlsAreUsable,
  judgeHasLimits,
  judgedWeightsAreOfPhases,
  rubricIsUsable,
  enoughPromptsAreAsked,
  judgeResourcesSuffice,
];
