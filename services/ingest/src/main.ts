import { runMain } from '@ringwatch/service-kit';
import { startIngest } from './ingest.module';

runMain(() => startIngest(process.env));
