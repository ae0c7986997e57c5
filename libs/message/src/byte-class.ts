/** What a byte is inside a JSON string. */
export const byteClass = {
  /** Printable ASCII that stands for itself. */
  plain: 0,
  quote: 1,
  backslash: 2,
  /** Below 0x20: JSON does not allow it in a string. */
  control: 3,
  /** DEL: JSON allows it, but we keep no control characters. */
  delete: 4,
  /** Above 0x7f: a part of a character in UTF-8. */
  high: 5,
} as const;

/** The class of each byte. */
export const byteClasses = Uint8Array.from({ length: 256 }, (_, byte) => classOf(byte));

function classOf(byte: number): number {
  if (byte < 0x20) return byteClass.control;
  if (byte === 0x22) return byteClass.quote;
  if (byte === 0x5c) return byteClass.backslash;
  if (byte === 0x7f) return byteClass.delete;
  return byte > 0x7f ? byteClass.high : byteClass.plain;
}
