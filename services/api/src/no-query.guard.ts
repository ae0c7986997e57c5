import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import { z } from 'zod';

const nothing = z.strictObject({});

/** For addresses that take no query parameters: any is a mistake worth telling. */
@Injectable()
export class NoQuery implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    nothing.parse(context.switchToHttp().getRequest<{ query: object }>().query);
    return true;
  }
}
