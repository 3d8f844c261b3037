/** Families of models, and what their names begin with, or have behind a dash, a slash or the like. */
const families: Readonly<Record<string, readonly string[]>> = {
  anthropic: ['claude'],
  cohere: ['command', 'aya', 'c4ai'],
  deepseek: ['deepseek'],
  gemini: ['gemini', 'gemma', 'palm'],
  glm: ['glm', 'chatglm'],
  gpt: ['gpt', 'chatgpt', 'davinci', 'o1', 'o3', 'o4'],
  granite: ['granite'],
  grok: ['grok'],
  kimi: ['kimi', 'moonlight'],
  llama: ['llama', 'codellama', 'vicuna', 'alpaca'],
  mistral: ['mistral', 'mixtral', 'ministral', 'magistral', 'codestral', 'devstral', 'pixtral'],
  nova: ['nova'],
  olmo: ['olmo', 'tulu'],
  phi: ['phi'],
  qwen: ['qwen', 'qwq', 'qvq'],
  yi: ['yi'],
};

/**
 * Whether the judge's model looks like a relative of one of the contestants': judges tend to prefer what sounds like
 * themselves (arXiv 2306.05685, section 3.3). A model distilled from two families, as DeepSeek's from Llama, is of both.
 * Names that nobody knows are relatives of their like only.
 */
export function sameFamily(judge: string, contestants: readonly string[]): boolean {
  const ofJudge = familiesOf(judge);
  return contestants.some((it) => bareName(it) === bareName(judge) || overlap(familiesOf(it), ofJudge));
}

function familiesOf(model: string): ReadonlySet<string> {
  const words = bareName(model).split(/[^a-z0-9]+/);
  const found = Object.entries(families).filter(([, names]) =>
    words.some((word) => names.some((name) => isOne(word, name))),
  );
  return new Set(found.map(([family]) => family));
}

/** `qwen`, `qwen2`, `phi4`, but not `philosopher` for `phi`. */
function isOne(word: string, name: string): boolean {
  return word.startsWith(name) && /^\d*[a-z]?$/.test(word.slice(name.length));
}

/** Without the organisation: `meta-llama/Llama-3.1-8B` is `llama-3.1-8b`. */
function bareName(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1).toLowerCase();
}

function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((it) => other.has(it));
}
