import { judgeFormats } from './judge-values.ts';

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that a quantity of Kubernetes is: `250m` is 0.25, `1Ki` is 1024; null for what is none. */
export function parseQuantity(text: string): number | null {
  if (!judgeFormats.quantity.pattern.test(text)) return null;
  const [, digits = '', suffix = ''] = /^([\d.]+)(.*)$/.exec(text) ?? [];
  const factor = factors[suffix];
  return factor === undefined ? Number(`${digits}${suffix}`) : Number(digits) * factor;
}
