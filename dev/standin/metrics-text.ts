/**
 * Writes whole bucket bounds as vLLM's Python client does: `le="1.0"`, where prom-client writes `le="1"`.
 * Prometheus compares label values as text, so a query over both arms would otherwise miss buckets.
 */
export function withPythonBounds(exposition: string): string {
  // A quote inside a label value is escaped, so `le="` after `{` or `,` is always the label itself.
  return exposition.replaceAll(/([{,]le=")(\d+)"/g, '$1$2.0"');
}
