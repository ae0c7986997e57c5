import {
  type ClickHouseClient,
  type Erasures,
  type LetterSelection,
  type LetterToRedrive,
  lettersToRedrive,
  loadErasures,
  noteRedriven,
} from '@ringwatch/clickhouse';
import { type InputTopic, inputTopics, isRefusal, judgeMessage } from '@ringwatch/inputs';
import type { TopicWriter } from '@ringwatch/kafka';

/** What came of a redrive. */
export interface Redriven {
  /** Letters that pass today: sent again, or with `dryRun` those that would be. */
  passed: number;
  /** Letters that are still refused, by `reason field` of today. */
  refused: Record<string, number>;
}

/**
 * Judges dead letters again by the rules of today, and sends those that pass to their topic: original key, bytes and record
 * timestamp. Then notes them as redriven, so that they are not sent a second time; cut off between the two, some are, which
 * changes nothing, since an event is stored once. Letters of conflicts and of what was erased are never sent.
 */
export async function redrive(options: {
  db: ClickHouseClient;
  writer: TopicWriter;
  selection: LetterSelection;
  dryRun?: boolean;
  onPage?: (soFar: Redriven) => void;
}): Promise<Redriven> {
  const { db, writer, selection, dryRun = false, onPage } = options;
  const result: Redriven = { passed: 0, refused: {} };
  const erasures = await loadErasures(db);
  for await (const page of lettersToRedrive(db, selection)) {
    const passing = page.filter((letter) => passes(letter, erasures, result));
    if (!dryRun) {
      await writer.write(
        passing.map(({ topic, key, payload, timestamp }) => ({
          topic,
          key: key.length > 0 ? key : null,
          value: payload,
          timestamp,
        })),
      );
      await noteRedriven(db, passing);
    }
    result.passed += passing.length;
    onPage?.(result);
  }
  return result;
}

function passes(letter: LetterToRedrive, erasures: Erasures, result: Redriven): boolean {
  const topic = inputTopics.find((each) => each === letter.topic);
  const why = topic ? whyNot(topic, letter, erasures) : 'unknown topic';
  if (why === undefined) return true;
  result.refused[why] = (result.refused[why] ?? 0) + 1;
  return false;
}

function whyNot(topic: InputTopic, { payload, timestamp }: LetterToRedrive, erasures: Erasures): string | undefined {
  const verdict = judgeMessage(topic, { value: payload, timestamp });
  if (isRefusal(verdict)) return `${verdict.reason} ${verdict.field}`.trim();
  return erasures.covers(verdict, timestamp) ? 'erased' : undefined;
}
