import {
  answeredRequests,
  connectClickHouse,
  incidentChanges,
  lastNotice,
  listIncidents,
  migrate,
  pastDeliveries,
  receiverStanding,
  storeDeliveries,
  type ClickHouseClient,
} from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { createTopics, type connectKafka } from '@ringwatch/kafka';
import { clickhouseOf, type createLogger, waitFor } from '@ringwatch/service-kit';
import type { NotifierConfig } from './config';
import type { DeliveryStore } from './delivery/delivery-log';

/** More than this many incidents at once are not open in any world that can be helped by messages. */
const MOST_OPEN = 10_000;

/** Waits for ClickHouse and Kafka, with every table and topic. */
export async function setUp(
  config: NotifierConfig,
  kafka: ReturnType<typeof connectKafka>,
  logger: ReturnType<typeof createLogger>,
): Promise<ClickHouseClient> {
  const clickhouse = clickhouseOf(config);
  await waitFor('ClickHouse', logger, () => migrate(clickhouse, (file) => logger.info({ file }, 'migration applied')));
  await waitFor('Kafka', logger, () => createTopics(kafka));
  return connectClickHouse(clickhouse);
}

/** The delivery log in ClickHouse. */
export function tableOf(db: ClickHouseClient): DeliveryStore {
  return {
    past: (receivers, incidentIds) => pastDeliveries(db, receivers, incidentIds),
    answered: (requestIds) => answeredRequests(db, requestIds),
    standing: (receiver) => receiverStanding(db, receiver),
    lastNotice: (receiver, subject) => lastNotice(db, receiver, subject),
    store: (records) => storeDeliveries(db, records),
  };
}

/** The newest change of each incident that is not over. */
export async function openIncidents(db: ClickHouseClient): Promise<IncidentChange[]> {
  const filters = { states: ['open', 'acknowledged', 'mitigating'] };
  const incidents = await listIncidents(db, { filters, maxRows: MOST_OPEN });
  return incidents.map(({ change }) => change);
}

/** One change of one incident, as it stands in the table. */
export async function changeOf(
  db: ClickHouseClient,
  incidentId: string,
  sequence: number,
): Promise<IncidentChange | undefined> {
  return (await incidentChanges(db, incidentId)).find((change) => change.sequence === sequence);
}
