import 'reflect-metadata';
import { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Logger as NestLogger } from 'nestjs-pino';
import pino, { Logger } from 'pino';
import { ConfigError } from './config';
import { OperationsModule, Readiness } from './operations';

/** What a service is made of. */
export interface ServiceOptions {
  name: string;
  http: { HTTP_HOST: string; HTTP_PORT: number; LOG_LEVEL: string };
  /** Builds the wiring from the logger and the list of readiness checks. */
  module: (kit: ServiceKit) => Type<unknown> | DynamicModule;
  /** Runs before the service listens: global pipes, static files, a microservice to connect. */
  configure?: (app: INestApplication) => void | Promise<void>;
}

export interface ServiceKit {
  logger: Logger;
  readiness: Readiness;
}

/** One JSON line an event on stdout; `time` is an RFC 3339 string, secrets are never given to it. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    name: service,
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}

/** Passes on what the Kafka client has to say. It heals itself, hence `warn`; what ends the consumer is told apart from it. */
export function kafkaLog(logger: Logger) {
  return (level: string, message: string, fields: Record<string, unknown>) =>
    logger.warn({ kafkaLevel: level, ...fields }, `kafka: ${message}`);
}

/**
 * Starts a service: wires it, connects its microservice if it has one, listens. SIGTERM and SIGINT close it in order.
 * A broken promise of our own code (an unhandled rejection) ends the process: whoever runs it starts it again.
 */
export async function startService(options: ServiceOptions): Promise<INestApplication> {
  const logger = createLogger(options.name, options.http.LOG_LEVEL);
  dieLoudly(logger);
  const readiness = new Readiness();
  const root = options.module({ logger, readiness });
  const app = await NestFactory.create(
    { module: class ServiceRoot {}, imports: [OperationsModule.with(logger, readiness), root as Type<unknown>] },
    { bufferLogs: true, abortOnError: false },
  );
  app.useLogger(app.get(NestLogger));
  app.enableShutdownHooks();
  await options.configure?.(app);
  await app.startAllMicroservices();
  await app.listen(options.http.HTTP_PORT, options.http.HTTP_HOST);
  logger.info({ address: await app.getUrl() }, 'service started');
  return app;
}

/** Runs a service's main function and turns what stops it at the start into one clear message and an exit code. */
export function runMain(main: () => Promise<unknown>): void {
  main().catch((error: unknown) => {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(2);
    }
    createLogger('main', 'fatal').fatal({ err: error }, 'service could not start');
    process.exit(1);
  });
}

function dieLoudly(logger: Logger): void {
  const die = (error: unknown) => {
    logger.fatal({ err: error }, 'service failed');
    process.exit(1);
  };
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
}
