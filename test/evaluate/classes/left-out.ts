/** What section 7.1 asks for and this part does not run, with the reason. */
export const leftOut = `**Left out here.** One hardware class (part of 7): events carry no hardware class. A version renamed with the same
content (part of 24): the detector's evidence has no content hash. Hosts that beat at paces from 30 s to a day, and updates
applied at shutdown with the night off: they live from heartbeats and run through the backtest only. July 2024 through the
live processes is \`test/e2e/july-2024.spec.ts\`.`;
