import { DynamicModule, INestApplication, Module } from '@nestjs/common';
import { join } from 'node:path';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { connectClickHouse, forManyReaders } from '@ringwatch/clickhouse';
import { TopicWriter, connectKafka } from '@ringwatch/kafka';
import { clickhouseOf, kafkaLog, startService } from '@ringwatch/service-kit';
import { createZodValidationPipe } from 'nestjs-zod';
import type { Logger } from 'pino';
import { AccessController } from './access.controller';
import { AccessModule } from './access.module';
import { ActionTopic } from './action-topic';
import { AggregatesController } from './aggregates.controller';
import { AuditTrail } from './audit-trail';
import { ChangeFeed } from './change-feed';
import { ApiConfig, readApiConfig, storeSettings } from './config';
import { dashboardFolder } from './dashboard-files';
import { DashboardController } from './dashboard.controller';
import { DriversController } from './drivers.controller';
import {
  Methods,
  limitConnections,
  noStore,
  notFromOtherSites,
  onlyJson,
  onlyOwnNames,
  secureHeaders,
} from './guard-http';
import { IncidentActions } from './incident-actions';
import { IncidentActionsController } from './incident-actions.controller';
import { IncidentsController } from './incidents.controller';
import { describeApi } from './openapi.module';
import { OperationsController } from './operations.controller';
import { ProblemFilter } from './problem.filter';
import { SignaturesController } from './signatures.controller';
import { StatusController } from './status.controller';
import { Store } from './store';
import { StreamController } from './stream.controller';
import { Updates } from './updates';
import { UpdatesController } from './updates.controller';

/** File names of the built assets carry a hash of their content. */
const ASSET_MAX_AGE_MS = 365 * 86_400_000;
/** A comment of 4,000 characters takes a quarter of it at most. */
const MAX_BODY = '64kb';

@Module({
  controllers: [
    AggregatesController,
    UpdatesController,
    IncidentsController,
    IncidentActionsController,
    SignaturesController,
    DriversController,
    OperationsController,
    StatusController,
    StreamController,
    AccessController,
    DashboardController,
  ],
})
class ApiModule {
  static with(store: Store, config: ApiConfig, logger: Logger): DynamicModule {
    const trail = new AuditTrail(connectClickHouse(clickhouseOf(config)));
    const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'ringwatch-api' }, kafkaLog(logger));
    const topic = new ActionTopic(new TopicWriter(kafka));
    return {
      module: ApiModule,
      imports: [AccessModule.with(store, config)],
      providers: [
        { provide: Store, useValue: store },
        { provide: ChangeFeed, useValue: new ChangeFeed(store, logger) },
        { provide: ActionTopic, useValue: topic },
        { provide: IncidentActions, useValue: new IncidentActions(topic, trail, Date.now) },
        { provide: AuditTrail, useValue: trail },
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
export async function startApi(env: Record<string, string | undefined>): Promise<INestApplication> {
  const config = readApiConfig(env);
  const db = connectClickHouse(storeSettings(config), { precedence: 'pages' });
  const store = new Store(forManyReaders(db));
  return startService({
    name: 'api',
    http: config,
    module: ({ logger, readiness }) => {
      readiness.add('clickhouse', () => store.requireReady());
      return ApiModule.with(store, config, logger);
    },
    configure: (app) => configure(app as NestExpressApplication, config),
  });
}

function configure(app: NestExpressApplication, config: ApiConfig): void {
  app.disable('x-powered-by');
  const methods = new Methods();
  app.use(secureHeaders);
  if (config.API_ACCESS !== 'keys') app.use(onlyOwnNames);
  app.use(methods.check, noStore, notFromOtherSites, onlyJson);
  app.useBodyParser('json', { limit: MAX_BODY });
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
  for (const [path, item] of Object.entries(description.paths)) methods.add(path, Object.keys(item));
  app.getHttpAdapter().get('/api/openapi.json', (_request: unknown, reply: { json(body: unknown): void }) => {
    reply.json(description);
  });
}
