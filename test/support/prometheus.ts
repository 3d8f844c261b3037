interface Answer {
  readonly status: string;
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

/** One series of an instant query. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Asks a Prometheus for the value of an expression now. */
export async function queryPrometheus(url: string, expression: string): Promise<Sample[]> {
  const response = await fetch(
    `${url}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`,
  );
  const answer = (await response.json()) as Answer;
  if (answer.status !== 'success')
    throw new Error(`Prometheus refused ${expression}: ${JSON.stringify(answer)}`);
  return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}
