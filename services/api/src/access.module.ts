import { DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { Access } from './access';
import { AccessGuard } from './access.guard';
import type { ApiConfig } from './config';
import { KeyRing } from './key-ring';
import { Sessions } from './sessions';
import type { Store } from './store';
import { ThrottleGuard } from './throttle.guard';

const MINUTE_MS = 60_000;

/** Who is let in, and how often: a guard before every handler of the app. */
@Module({})
export class AccessModule {
  static with(store: Store, config: ApiConfig): DynamicModule {
    const sessions = new Sessions(config.API_SESSION_SECRET);
    const access = new Access(new KeyRing(store), sessions, config.API_ACCESS === 'keys');
    const shared: Provider[] = [
      { provide: Sessions, useValue: sessions },
      { provide: Access, useValue: access },
    ];
    return {
      module: AccessModule,
      global: true,
      imports: [ThrottlerModule.forRoot([{ ttl: MINUTE_MS, limit: config.API_REQUESTS_PER_MINUTE }])],
      providers: [
        ...shared,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: ThrottleGuard },
      ],
      exports: shared,
    };
  }
}
