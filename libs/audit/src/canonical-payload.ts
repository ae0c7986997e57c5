import { type Content, contentFields, isInstant } from '@ringwatch/clickhouse';
import type { InputTopic } from '@ringwatch/inputs';
import { formatInstant } from '@ringwatch/message';

/**
 * An event's canonical fields as JSON, byte for byte the same for the same content: what is kept of the loser of a conflict.
 * Judged again it gives the same event. What was not given is left out.
 */
export function canonicalPayload(topic: InputTopic, content: Content): Buffer {
  const members = contentFields[topic].flatMap((field, index) => {
    const json = toJson(field, content[index]);
    return json === undefined ? [] : [`${JSON.stringify(field)}:${json}`];
  });
  return Buffer.from(`{${members.join(',')}}`);
}

const nestedFields: Record<string, readonly string[]> = {
  recent_updates: ['update_channel', 'update_version', 'applied_at'],
  updates: ['update_channel', 'update_version'],
};

function toJson(field: string, value: unknown): string | undefined {
  if (value === null) return undefined;
  const nested = nestedFields[field];
  if (nested) {
    const items = (value as unknown[][]).map(
      (item) => `{${nested.map((name, index) => `"${name}":${toJson(name, item[index])}`).join(',')}}`,
    );
    return `[${items.join(',')}]`;
  }
  if (isInstant(field)) return JSON.stringify(formatInstant(value as number));
  if (field === 'uptime_seconds') return value as string;
  if (field === 'fault_offset') return hexadecimal(value as string);
  if (field === 'bugcheck_parameters') return `[${(value as string[]).map(hexadecimal).join(',')}]`;
  return JSON.stringify(value);
}

const hexadecimal = (decimal: string) => `"0x${BigInt(decimal).toString(16)}"`;
