import { Body, Controller, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { IncidentAction } from '@ringwatch/incident';
import { formatInstant } from '@ringwatch/message';
import { createZodDto } from 'nestjs-zod';
import { Requires } from './access.guard';
import {
  acceptedActionSchema,
  assignBodySchema,
  commentBodySchema,
  muteBodySchema,
  plainActionSchema,
  readIdempotencyKey,
} from './action-bodies';
import type { ApiRequest, Caller } from './caller';
import { incidentParamsSchema } from './incident-answers';
import { IncidentActions } from './incident-actions';
import { NoQuery } from './no-query.guard';
import { Problem } from './problem';
import { Store } from './store';

class IncidentParams extends createZodDto(incidentParamsSchema) {}
class PlainAction extends createZodDto(plainActionSchema) {}
class Assignment extends createZodDto(assignBodySchema) {}
class Comment extends createZodDto(commentBodySchema) {}
class Mute extends createZodDto(muteBodySchema) {}
class AcceptedAction extends createZodDto(acceptedActionSchema) {}

/** One endpoint an action, all alike. */
const describeAction = (operationId: string, summary: string): MethodDecorator => {
  const description = `${summary}. Answered 202 when Kafka has it: the incident changes with the next tick of arrival time.`;
  const parts = [
    HttpCode(202),
    UseGuards(NoQuery),
    ApiOperation({ operationId, summary, description }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'sent again with the same key, the action counts once; 1 to 255 visible ASCII characters',
      schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
    }),
    ApiAcceptedResponse({ type: AcceptedAction, description: 'the action is taken in' }),
  ];
  return (target, key, descriptor) => parts.forEach((each) => each(target, key, descriptor as never));
};

type Given = PlainAction & { assignee?: string };

@ApiTags('incidents')
@Controller('api/v1/incidents/:id')
@Requires('triage')
export class IncidentActionsController {
  constructor(
    private readonly store: Store,
    private readonly actions: IncidentActions,
  ) {}

  @Post('acknowledge')
  @describeAction('acknowledgeIncident', 'Says that somebody has it')
  acknowledge(@Param() params: IncidentParams, @Body() body: PlainAction, @Req() request: ApiRequest) {
    return this.take('acknowledge', params, { body, request });
  }

  @Post('assign')
  @describeAction('assignIncident', 'Says whose it is')
  assign(@Param() params: IncidentParams, @Body() body: Assignment, @Req() request: ApiRequest) {
    return this.take('assign', params, { body, request });
  }

  @Post('mute')
  @describeAction('muteIncident', 'Tells nobody of it for a time, or until it grows')
  mute(@Param() params: IncidentParams, @Body() body: Mute, @Req() request: ApiRequest) {
    return this.take('mute', params, { body, request });
  }

  @Post('unmute')
  @describeAction('unmuteIncident', 'Ends a mute')
  unmute(@Param() params: IncidentParams, @Body() body: PlainAction, @Req() request: ApiRequest) {
    return this.take('unmute', params, { body, request });
  }

  @Post('resolve')
  @describeAction('resolveIncident', 'Says that it is over')
  resolve(@Param() params: IncidentParams, @Body() body: PlainAction, @Req() request: ApiRequest) {
    return this.take('resolve', params, { body, request });
  }

  @Post('comment')
  @describeAction('commentIncident', 'Says something about it')
  comment(@Param() params: IncidentParams, @Body() body: Comment, @Req() request: ApiRequest) {
    return this.take('comment', params, { body, request });
  }

  private async take(
    action: IncidentAction['action'],
    { id }: IncidentParams,
    { body, request }: { body: Given; request: ApiRequest },
  ) {
    const { actor, ...rest } = body;
    const taken = await this.actions.take(this.store.for(request), {
      incidentId: id,
      action,
      actor: actorOf(request.caller, actor),
      keyId: request.caller.keyId,
      body: rest,
      idempotencyKey: readIdempotencyKey(request.headers['idempotency-key'] as string | undefined),
    });
    return {
      event_id: taken.event_id,
      incident_id: taken.incident_id,
      action: taken.action,
      actor: taken.actor,
      occurred_at: formatInstant(taken.occurred_at),
    };
  }
}

/** A key says who it is; nobody else may be named beside it. @throws Problem 400 */
function actorOf({ name }: Caller, given: string | undefined): string {
  if (name === undefined) return given ?? 'anonymous';
  if (given === undefined || given === name) return name;
  const message = `wanted none, since the key says who you are, got ${JSON.stringify(given)}`;
  const errors = [{ path: 'actor', code: 'not_yours', message }];
  throw new Problem('invalid_request', `actor: ${message}`, { errors });
}
