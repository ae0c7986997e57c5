/** Resolves with the promise, or after so many milliseconds. */
export async function within(limitMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => (timer = setTimeout(done, limitMs)));
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
