import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { type InputTopic, tableOf } from '@ringwatch/inputs';
import { textOf } from '../ask';
import type { EventBlock } from '../blocks/event-block';

/**
 * ClickHouse would look for copies within the block first, which takes more than all the rest of the insert: 1.5 of 2.4 CPU
 * seconds a million rows. Copies in other blocks stay until a merge anyway, so whoever reads has to fold them.
 */
const LEAVE_COPIES_TO_MERGES = 0;

/**
 * Stores the rows of a block; resolves when ClickHouse has them and all that is derived from them. Safe to repeat: copies
 * of one event have one sorting key. The block must not change meanwhile.
 * @throws when ClickHouse did not take them, or when it is not known whether it did.
 */
export async function storeBlock(db: ClickHouseClient, block: EventBlock<InputTopic>): Promise<void> {
  if (block.rows === 0) return;
  const { stream } = await db.exec({
    query: textOf('intake/insert-native').trimEnd(),
    query_params: { table: tableOf(block.topic) },
    values: Readable.from(block.toNative(), { objectMode: false }),
    clickhouse_settings: { optimize_on_insert: LEAVE_COPIES_TO_MERGES },
  });
  await finished(stream.resume());
}
