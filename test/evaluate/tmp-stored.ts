import { playAllStored, storedTable } from './stored/play-all';
void playAllStored({ only: process.argv[3], runs: 1, seed: Number(process.argv[2]) }, (run, done, of) => {
  process.stdout.write(
    `${done}/${of} ${run.class} ${run.leftOut ?? ''} same=${run.sameOpenings} mem=${run.memory?.found}/${run.memory?.tookMs}/${run.memory?.falseAlarms} stored=${run.stored?.found}/${run.stored?.tookMs}/${run.stored?.falseAlarms}\n`,
  );
}).then((runs) => process.stdout.write(storedTable(runs) + '\n'));
