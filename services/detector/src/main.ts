import { runMain } from '@ringwatch/service-kit';
import { startDetector } from './detector.module';

runMain(() => startDetector(process.env));
