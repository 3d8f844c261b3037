/** A small reader of the Prometheus text format, for comparing what servers expose. */

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

export type Exposition = ReadonlyMap<string, Family>;

export function parseExposition(text: string): Exposition {
  const families = new Map<string, Family>();
  let help = '';
  let current: Family = { type: '', help: '', samples: [] };
  for (const line of text.split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment?.[1] === 'HELP') {
      help = comment[3] ?? '';
    } else if (comment) {
      current = { type: comment[3] ?? '', help, samples: [] };
      families.set(comment[2] ?? '', current);
    } else if (line !== '') {
      current.samples.push(parseSample(line));
    }
  }
  return families;
}

/** In what `ours` differs from `real` for one family: type, help text, and every sample's name and labels. */
export function differences(real: Exposition, ours: Exposition, family: string): string[] {
  const [wanted, found] = [real.get(family), ours.get(family)];
  if (!wanted || !found) return [`${family} is missing in ${wanted ? 'ours' : 'the real one'}`];
  const lacks = (these: string[], those: string[]): string[] => these.filter((it) => !those.includes(it));
  const [wantedSamples, foundSamples] = [signatures(wanted), signatures(found)];
  return [
    ...(wanted.type === found.type ? [] : [`type ${found.type}, wanted ${wanted.type}`]),
    ...(wanted.help === found.help ? [] : [`help "${found.help}", wanted "${wanted.help}"`]),
    ...lacks(wantedSamples, foundSamples).map((it) => `lacks ${it}`),
    ...lacks(foundSamples, wantedSamples).map((it) => `has ${it} too`),
  ];
}

/** The value of one sample, by its whole name and some of its labels; NaN where there is none. */
export function valueOf(
  exposition: Exposition,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const samples = [...exposition.values()].flatMap((family) => family.samples);
  const found = samples.find(
    (it) => it.name === name && Object.entries(labels).every(([label, value]) => it.labels[label] === value),
  );
  return found?.value ?? NaN;
}

function signatures({ samples }: Family): string[] {
  return samples.map(({ name, labels }) => {
    const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    return `${name}{${sorted.map(([label, value]) => `${label}="${value}"`).join(',')}}`;
  });
}

function parseSample(line: string): Sample {
  const [, name = '', labels = '', value = ''] = /^([^{\s]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const pairs = [...labels.matchAll(/([^=,]+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [
    label,
    text,
  ]);
  return { name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) };
}
