import { type InputTopic, inputTopics } from '@ringwatch/inputs';
import { parseInstant } from '@ringwatch/message';
import { UsageError } from './output';

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time of the command line (RFC 3339, or an age such as `12h`) as milliseconds since 1970 UTC. @throws UsageError */
export function readTime(name: string, text: string, now: number): number {
  const age = /^(\d{1,9})([smhd])$/.exec(text);
  if (age) return now - Number(age[1]) * (UNITS[age[2] as string] as number);
  const instant = parseInstant(text);
  if (instant === undefined)
    throw new UsageError(`${name}: wanted a time such as 2026-03-01T12:00:00Z or 12h, got "${text}"`);
  return instant;
}

/** One of the inputs. @throws UsageError */
export function readTopic(text: string): InputTopic {
  const topic = inputTopics.find((each) => each === text);
  if (!topic) throw new UsageError(`--topic: wanted one of ${inputTopics.join(', ')}, got "${text}"`);
  return topic;
}

/** A whole number of 1 or more. @throws UsageError */
export function readCount(name: string, text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`${name}: wanted a whole number of 1 or more, got "${text}"`);
  return Number(text);
}
