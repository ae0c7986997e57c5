import type { FetchedRecord } from './record-batch';

/** A transaction that was taken back: whose records from `firstOffset` up to its mark nobody shall see. */
export interface AbortedTransaction {
  producerId: bigint;
  firstOffset: number;
}

/**
 * The records that readers may see: those of transactions that were taken back, and the marks of transactions, left out.
 * kafkajs' own filter lets records through where two taken-back transactions are open at once, or where a key is four
 * zero bytes.
 */
export function visibleRecords(
  records: readonly FetchedRecord[],
  aborted: readonly AbortedTransaction[],
): readonly FetchedRecord[] {
  if (aborted.length === 0 && !records.some(({ batch }) => batch.isControlBatch)) return records;
  const toCome = [...aborted].sort((one, other) => one.firstOffset - other.firstOffset);
  const open = new Set<bigint>();
  return records.filter(({ batch, offset }) => {
    while (toCome.length > 0 && (toCome[0] as AbortedTransaction).firstOffset <= offset)
      open.add((toCome.shift() as AbortedTransaction).producerId);
    if (!batch.isControlBatch) return !(batch.inTransaction && open.has(batch.producerId));
    // The mark that a producer's transaction is over.
    open.delete(batch.producerId);
    return false;
  });
}
