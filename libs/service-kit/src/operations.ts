import { Controller, DynamicModule, Get, Global, Module } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckResult,
  HealthCheckService,
  HealthIndicatorResult,
  TerminusModule,
} from '@nestjs/terminus';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { LoggerModule } from 'nestjs-pino';
import { Logger } from 'pino';

/** A dependency or a condition that must hold before the service is of use. Rejects, with a reason, while it does not. */
export type ReadinessCheck = () => Promise<void>;

/** What `/readyz` asks. A service adds its checks when it is wired. */
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();

  add(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  indicators(): Array<() => Promise<HealthIndicatorResult>> {
    return [...this.checks].map(([name, check]) => async () => {
      try {
        await check();
        return { [name]: { status: 'up' as const } };
      } catch (error) {
        return { [name]: { status: 'down' as const, reason: error instanceof Error ? error.message : String(error) } };
      }
    });
  }
}

@Controller()
class OperationsController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly readiness: Readiness,
  ) {}

  @Get('healthz')
  @HealthCheck()
  healthz(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @Get('readyz')
  @HealthCheck()
  readyz(): Promise<HealthCheckResult> {
    return this.health.check(this.readiness.indicators());
  }
}

/** `/healthz`, `/readyz`, `/metrics` and the logger: what every service has. */
@Global()
@Module({})
export class OperationsModule {
  static with(logger: Logger, readiness: Readiness): DynamicModule {
    return {
      module: OperationsModule,
      imports: [
        TerminusModule.forRoot({ logger: false }),
        PrometheusModule.register({ path: '/metrics' }),
        LoggerModule.forRoot({ pinoHttp: { logger, autoLogging: false } }),
      ],
      controllers: [OperationsController],
      providers: [{ provide: Readiness, useValue: readiness }],
      exports: [Readiness],
    };
  }
}
