import { ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { ApiRequest } from './caller';
import { operationPaths } from './operation-paths';

/** Counts requests by key, or by address where nobody was asked for one, whatever they ask. Stands behind the guard that knows who asks. */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    return operationPaths.has(context.switchToHttp().getRequest<ApiRequest>().path);
  }

  protected override async getTracker(request: Record<string, unknown>): Promise<string> {
    const { caller, ip } = request as unknown as ApiRequest;
    return caller.keyId === '' ? `address ${ip}` : `key ${caller.keyId}`;
  }

  protected override generateKey(_context: ExecutionContext, tracker: string): string {
    return tracker;
  }
}
