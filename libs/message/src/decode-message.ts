import { JsonError, JsonObject, parseJson } from './json';
import { MAX_MESSAGE_BYTES, MAX_MESSAGE_DEPTH } from './limits';
import { Refusal, refuse } from './refusal';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes of a Kafka value as a JSON object, or why they are none. Pure and total: never throws. */
export function decodeMessage(bytes: Uint8Array | null): { kind: 'object'; members: JsonObject } | Refusal {
  if (bytes === null) return refuse('not_json', '', 'wanted JSON, got a null value (a tombstone)');
  if (bytes.length > MAX_MESSAGE_BYTES) {
    return refuse('too_large', '', `wanted at most ${MAX_MESSAGE_BYTES} bytes, got ${bytes.length}`);
  }
  let text: string;
  try {
    text = strictUtf8.decode(bytes);
  } catch {
    return refuse('not_json', '', 'wanted UTF-8, got bytes that are none');
  }
  if (text.charCodeAt(0) === 0xfeff) return refuse('not_json', '', 'wanted JSON, got a byte order mark');
  return objectOf(text);
}

function objectOf(text: string): { kind: 'object'; members: JsonObject } | Refusal {
  try {
    const value = parseJson(text, MAX_MESSAGE_DEPTH);
    const isObject = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
    return isObject
      ? { kind: 'object', members: value as JsonObject }
      : refuse('not_object', '', 'wanted an object, got another JSON value');
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return refuse(error.kind === 'too_deep' ? 'too_large' : 'not_json', '', error.message);
  }
}
