/** What stands between the parts of a signature. No part contains it, so that a text can be taken apart again. */
export const SEPARATOR = ' | ';

/** What a report says when it does not know the module. */
export const UNKNOWN_DRIVER = 'unknown';

/**
 * An image name as it stands in a signature and as the name of a bucket: lower case, and without the characters that no
 * Windows file name has and that mean something here (`|` parts a signature, `*` is any driver).
 */
export function driverName(image: string): string {
  return image.toLowerCase().replace(/[|*]/g, '_').trim() || UNKNOWN_DRIVER;
}

/** The driver in a signature's text (either level); undefined for what is no signature, such as a driver's name. */
export function driverOfSignature(text: string): string | undefined {
  const before = text.indexOf(SEPARATOR);
  if (before < 0) return undefined;
  const from = before + SEPARATOR.length;
  const after = text.indexOf(SEPARATOR, from);
  return after < 0 ? text.slice(from) : text.slice(from, after);
}
