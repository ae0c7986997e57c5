import { Body, Controller, Get, HttpCode, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { Access } from './access';
import { auditQuerySchema, auditSchema, sessionSchema, signInBodySchema } from './access-answers';
import { Requires } from './access.guard';
import { readAudit } from './audit-trail';
import type { ApiRequest, Caller } from './caller';
import { NoQuery } from './no-query.guard';
import { Sessions } from './sessions';
import { Store } from './store';

class SignIn extends createZodDto(signInBodySchema) {}
class Session extends createZodDto(sessionSchema) {}
class AuditQuery extends createZodDto(auditQuerySchema) {}
class AuditList extends createZodDto(auditSchema) {}

interface CookieReply {
  setHeader(name: string, value: string): void;
}

@ApiTags('access')
@Controller('api/v1')
export class AccessController {
  constructor(
    private readonly store: Store,
    private readonly access: Access,
    private readonly sessions: Sessions,
  ) {}

  @Get('session')
  @Requires('read')
  @UseGuards(NoQuery)
  @ApiOperation({ operationId: 'getSession', summary: 'Says who you are here' })
  @ApiOkResponse({ type: Session, description: 'who you are' })
  who(@Req() { caller }: ApiRequest) {
    return this.toWire(caller, null);
  }

  @Post('session')
  @Requires('nothing')
  @HttpCode(200)
  @UseGuards(NoQuery)
  @ApiOperation({
    operationId: 'signIn',
    summary: 'Signs in with a key',
    description: 'Opens a session of 12 hours by a cookie that no script can read and no other site can have sent.',
  })
  @ApiOkResponse({ type: Session, description: 'the session is open' })
  async signIn(@Body() { key }: SignIn, @Req() request: ApiRequest, @Res({ passthrough: true }) reply: CookieReply) {
    const caller = await this.access.holderOf(key, request.ip ?? '');
    const { cookie, expiresAt } = this.sessions.open(caller.keyId, isSecure(request));
    reply.setHeader('Set-Cookie', cookie);
    return this.toWire(caller, expiresAt);
  }

  @Post('session/end')
  @Requires('nothing')
  @HttpCode(204)
  @UseGuards(NoQuery)
  @ApiOperation({ operationId: 'signOut', summary: 'Ends the session' })
  @ApiNoContentResponse({ description: 'there is no session any more' })
  signOut(@Req() request: ApiRequest, @Res({ passthrough: true }) reply: CookieReply): void {
    reply.setHeader('Set-Cookie', this.sessions.close(isSecure(request)));
  }

  @Get('audit')
  @Requires('admin', { allOrgs: true })
  @ApiOperation({
    operationId: 'listAudit',
    summary: 'Lists what people did',
    description: 'With incidents and with keys: who, what, how it stood before, and when. Newest first.',
  })
  @ApiOkResponse({ type: AuditList, description: 'one page of entries' })
  audit(@Query() query: AuditQuery, @Req() request: ApiRequest) {
    return readAudit(this.store.for(request), query);
  }

  private toWire({ name, scopes, orgs }: Caller, expiresAt: Date | null) {
    return {
      access: this.access.wantsKeys ? 'keys' : 'open',
      name: name ?? null,
      scopes: [...scopes],
      orgs,
      expires_at: expiresAt,
    };
  }
}

/** Whether the person's browser speaks TLS with us, or with the proxy before us. */
function isSecure(request: ApiRequest): boolean {
  return request.headers['x-forwarded-proto'] === 'https' || 'encrypted' in request.socket;
}
