import { runMain } from '@ringwatch/service-kit';
import { startSimulator } from './simulator.module';

runMain(() => startSimulator(process.env));
