import { CanActivate, ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { KeyScope } from '@ringwatch/clickhouse';
import { Access, type Requirement } from './access';
import type { ApiRequest } from './caller';
import { operationPaths } from './operation-paths';
import { Problem } from './problem';

const REQUIREMENT = 'ringwatch:requirement';

/** Says what a controller or a handler wants of who asks. `allOrgs`: keys that see some organisations alone will not do. */
export function Requires(scope: KeyScope | 'nothing', { allOrgs = false } = {}): ClassDecorator & MethodDecorator {
  return SetMetadata(REQUIREMENT, scope === 'nothing' ? { scope } : { scope, allOrgs });
}

/** What a handler requires; undefined where nobody said. */
export function requirementOf(reflector: Reflector, handler: object, controller: object): Requirement | undefined {
  return reflector.getAllAndOverride<Requirement | undefined>(REQUIREMENT, [handler as never, controller as never]);
}

/** Stands before every handler. What does not say whom it lets in lets nobody in. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly access: Access,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const needed = requirementOf(this.reflector, context.getHandler(), context.getClass());
    if (needed === undefined && operationPaths.has(request.path)) return true;
    if (needed === undefined) throw new Problem('forbidden', `${request.path} does not say whom it lets in`);
    request.caller = await this.access.admit(request, needed);
    return true;
  }
}
