import { httpSettings, kafkaSettings, readConfig } from '@ringwatch/service-kit';
import { z } from 'zod';

/** Everything that can be set, with its default. */
const settings = {
  ...kafkaSettings,
  ...httpSettings(8084),
  SIMULATOR_SCENARIO: z
    .string()
    .min(1)
    .default('july-2024')
    .describe('name of a shipped scenario, or the path of a scenario file'),
  SIMULATOR_SEED: z.string().min(1).max(64).default('1').describe('equal seeds play equal events'),
  SIMULATOR_SPEED: z
    .union([z.literal('max'), z.coerce.number().min(1).max(100_000)], { error: 'wanted a number of 1 or more, or max' })
    .default(60)
    .describe('simulated time per wall-clock time; max does not wait at all'),
  SIMULATOR_FLEET_HOSTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe('number of hosts instead of the scenario’s'),
  SIMULATOR_DATES: z
    .enum(['shifted', 'original'])
    .default('shifted')
    .describe('shifted: the scenario ends at the moment when the playing ends; original: its own dates'),
  SIMULATOR_RUN: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,24}$/)
    .optional()
    .describe('goes into every event id; by default one of its own per shifted play, none with original dates'),
};

export type SimulatorConfig = ReturnType<typeof readSimulatorConfig>;

export const readSimulatorConfig = (env: Record<string, string | undefined>) => readConfig(settings, env);
