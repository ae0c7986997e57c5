import { DynamicModule, INestApplication, Module } from '@nestjs/common';
import { join } from 'node:path';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { connectClickHouse } from '@ringwatch/clickhouse';
import { startService } from '@ringwatch/service-kit';
import { createZodValidationPipe } from 'nestjs-zod';
import type { Logger } from 'pino';
import { AggregatesController } from './aggregates.controller';
import { ApiConfig, readApiConfig, storeSettings } from './config';
import { dashboardFolder } from './dashboard-files';
import { DashboardController } from './dashboard.controller';
import { limitConnections, noStore, onlyReads, secureHeaders } from './guard-http';
import { IncidentsController } from './incidents.controller';
import { describeApi } from './openapi.module';
import { ProblemFilter } from './problem.filter';
import { StatusController } from './status.controller';
import { Store } from './store';
import { Updates } from './updates';
import { UpdatesController } from './updates.controller';

/** File names of the built assets carry a hash of their content. */
const ASSET_MAX_AGE_MS = 365 * 86_400_000;

@Module({
  controllers: [AggregatesController, UpdatesController, IncidentsController, StatusController, DashboardController],
})
class ApiModule {
  static with(store: Store, config: ApiConfig, logger: Logger): DynamicModule {
    return {
      module: ApiModule,
      providers: [
        { provide: Store, useValue: store },
        { provide: Updates, useValue: new Updates(store, config.API_VERDICT_MIN_HOSTS) },
        { provide: APP_PIPE, useClass: RequestPipe },
        { provide: APP_FILTER, useValue: new ProblemFilter(logger) },
      ],
    };
  }
}

/** Checks parameters by their schemas; the filter turns what is wrong into a problem. */
const RequestPipe = createZodValidationPipe({
  createValidationException: (error) => error as Error,
  strictSchemaDeclaration: true,
});

/** Answers questions over HTTP until it is told to stop. It starts without ClickHouse and says so on `/readyz`. */
export function startApi(env: Record<string, string | undefined>): Promise<INestApplication> {
  const config = readApiConfig(env);
  const store = new Store(connectClickHouse(storeSettings(config)));
  return startService({
    name: 'api',
    http: config,
    module: ({ logger, readiness }) => {
      readiness.add('clickhouse', () => store.requireReady());
      return ApiModule.with(store, config, logger);
    },
    configure: (app) => configure(app as NestExpressApplication),
  });
}

function configure(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.use(secureHeaders, onlyReads, noStore);
  app.useStaticAssets(join(dashboardFolder, 'assets'), {
    prefix: '/assets/',
    index: false,
    redirect: false,
    immutable: true,
    maxAge: ASSET_MAX_AGE_MS,
  });
  app.useStaticAssets(dashboardFolder, { index: false, redirect: false });
  limitConnections(app.getHttpServer());
  const description = describeApi(app);
  app.getHttpAdapter().get('/api/openapi.json', (_request: unknown, reply: { json(body: unknown): void }) => {
    reply.json(description);
  });
}
