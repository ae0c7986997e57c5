import { type Job, doJob } from './job';

process.on('message', (job: Job) => process.send!(doJob(job)));
process.on('disconnect', () => process.exit(0));
