import { Counter, Gauge, Histogram } from 'prom-client';

/** Every metric that the api has. `question` is the name of a query in our code: a closed list. */
export const metrics = {
  querySeconds: new Histogram({
    name: 'ringwatch_api_query_seconds',
    help: 'Seconds that ClickHouse took for one question, by question and outcome (answered, failed, given up).',
    labelNames: ['question', 'outcome'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
  problems: new Counter({
    name: 'ringwatch_api_problems_total',
    help: 'Requests that were answered with a problem, by HTTP status.',
    labelNames: ['status'] as const,
  }),
  streams: new Gauge({ name: 'ringwatch_api_streams', help: 'Clients that listen to the stream of changes.' }),
};
