import { ours, type Notice, type Phrase } from '@ringwatch/webhook';
import type { Observation, Trouble } from './pipeline-watch';

/** What stands in the delivery log in place of an incident. */
export const WATCHDOG = 'watchdog';
export const PIPELINE = 'pipeline';

/** That all is well: what a receiver gets at every turn for as long as it is. */
export function watchdogNotice(observation: Observation, openIncidents: number | undefined): Notice {
  const at = new Date(observation.at);
  return {
    purpose: 'watchdog',
    id: `watchdog-${at.getTime()}`,
    at: at.toISOString(),
    title: ours(
      observation.store?.arrivalUntil === 0
        ? 'Ringwatch is watching: no event has arrived yet'
        : 'Ringwatch is watching: events arrive and are decided',
    ),
    lines: [ours(stateOf(observation)), ours(`Open incidents: ${openIncidents ?? 'not known'}.`)],
  };
}

/** That the road from event to verdict stands: what is known of it. */
export function staleNotice(trouble: Trouble, observation: Observation): Notice {
  const at = new Date(observation.at);
  return {
    purpose: 'pipeline_stale',
    id: `pipeline-stale-${trouble.since}`,
    at: at.toISOString(),
    title: ours(`PIPELINE STALE: ${headlines[trouble.part]}. Ringwatch is blind until it goes on`),
    lines: [ours(`${causes[trouble.part]}, since ${timeOf(trouble.since)}.`), ours(stateOf(observation))],
  };
}

/** That it goes on again. */
export function recoveredNotice(observation: Observation): Notice {
  const at = new Date(observation.at);
  return {
    purpose: 'pipeline_recovered',
    id: `pipeline-recovered-${at.getTime()}`,
    at: at.toISOString(),
    title: ours('Pipeline recovered: events arrive and are decided again'),
    lines: [ours(stateOf(observation))] satisfies Phrase[],
  };
}

const headlines: Record<Trouble['part'], string> = {
  events: 'no events arrive',
  ingest: 'events are not stored',
  slow_ingest: 'events are stored too slowly',
  detector: 'nothing is decided',
  slow_detector: 'decisions fall behind',
  store: 'ClickHouse does not answer',
  kafka: 'Kafka does not answer',
};

const causes: Record<Trouble['part'], string> = {
  events: 'Nothing arrived and nothing waits in Kafka, so producers have stopped or cannot reach it',
  ingest: 'Messages wait in Kafka and nothing was stored, so ingest stands',
  slow_ingest: 'Ever more messages wait in Kafka, so ingest is slower than what arrives',
  detector: 'Events are stored and none of them was decided, so the detector stands',
  slow_detector: 'The detector is slower than what arrives',
  store: 'No question to ClickHouse was answered',
  kafka: 'No question to Kafka was answered',
};

function stateOf({ store, kafka }: Observation): string {
  const arrival = store && store.arrivalUntil > 0 ? timeOf(store.arrivalUntil) : 'not known';
  const decided = store && store.decidedUntil > 0 ? timeOf(store.decidedUntil) : 'not known';
  const waiting = kafka ? kafka.waiting.toLocaleString('en-US') : 'not known';
  return `Last arrival: ${arrival}. Decided until: ${decided}. Messages waiting in Kafka: ${waiting}.`;
}

/** `2024-07-19 04:11:40 UTC` */
function timeOf(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
