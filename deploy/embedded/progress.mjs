/** Tells a person who waits what is going on, and that it still is. */

const TICK_TTY_MS = 1_000;
/** A log without a terminal gets a line less often, but is never silent for long. */
const TICK_LOG_MS = 10_000;
const FIRST_TICK_LOG_MS = 5_000;

let output = process.stdout;

/** Where all this is said from now on: a program whose stdout is its result says it on stderr. */
export function sayOn(stream) {
  output = stream;
}

/** Prints a line, in place of a ticking one when there is one. */
export function say(line) {
  output.write(output.isTTY ? `\r\x1b[2K${line}\n` : `${line}\n`);
}

/**
 * Runs `work` under a label such as "[1/4] installing packages": says when it begins, how long it has been going, and how
 * long it took. `work` returns what to add to the last line ("nothing to do"), or nothing.
 */
export async function step(label, work) {
  const startedAt = Date.now();
  const elapsed = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  const terminal = output.isTTY;
  if (terminal) output.write(`${label} ...`);
  else say(`${label} ...`);
  let timer = setTimeout(tick, terminal ? TICK_TTY_MS : FIRST_TICK_LOG_MS);
  try {
    const result = await work();
    say(`${label}: ${result ?? 'done'}, ${elapsed()}`);
  } finally {
    clearTimeout(timer);
  }

  function tick() {
    if (terminal) output.write(`\r\x1b[2K${label} ... ${elapsed()}`);
    else say(`${label} ... ${elapsed()}`);
    timer = setTimeout(tick, terminal ? TICK_TTY_MS : TICK_LOG_MS);
  }
}
