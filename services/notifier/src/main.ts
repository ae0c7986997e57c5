import { runMain } from '@ringwatch/service-kit';
import { startNotifier } from './notifier.module';

runMain(() => startNotifier(process.env));
