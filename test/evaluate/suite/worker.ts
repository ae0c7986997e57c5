import { type Job, doJob } from './job';

// Who asked may be gone by the time that the answer is there.
process.on('message', (job: Job) =>
  process.send!(doJob(job), undefined, undefined, (error) => error && process.exit(0)),
);
process.on('disconnect', () => process.exit(0));
