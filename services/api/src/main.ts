import { runMain } from '@ringwatch/service-kit';
import { startApi } from './api.module';

runMain(() => startApi(process.env));
