import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { Requires } from './access.guard';
import type { ApiRequest } from './caller';
import { readDeadLetters } from './dead-letters';
import { readDeliveries } from './deliveries';
import { deliveriesQuerySchema, deliveriesSchema, lettersQuerySchema, lettersSchema } from './operation-answers';
import { Store } from './store';

class DeliveriesQuery extends createZodDto(deliveriesQuerySchema) {}
class DeliveryList extends createZodDto(deliveriesSchema) {}
class DeadLettersQuery extends createZodDto(lettersQuerySchema) {}
class DeadLetterList extends createZodDto(lettersSchema) {}

@ApiTags('operation')
@Controller('api/v1')
@Requires('read', { allOrgs: true })
export class OperationsController {
  constructor(private readonly store: Store) {}

  @Get('deliveries')
  @ApiOperation({
    operationId: 'listDeliveries',
    summary: 'Lists what receivers were told',
    description: 'Each attempt, newest first. A filter may be repeated: any of its values counts.',
  })
  @ApiOkResponse({ type: DeliveryList, description: 'one page of deliveries' })
  deliveries(@Query() query: DeliveriesQuery, @Req() request: ApiRequest) {
    return readDeliveries(this.store.for(request), query);
  }

  @Get('dead-letters')
  @ApiOperation({
    operationId: 'listDeadLetters',
    summary: 'Lists messages that were refused',
    description:
      'How many of each kind, and each of them, newest record first. They are sent again with `ringwatch dead-letters redrive`.',
  })
  @ApiOkResponse({ type: DeadLetterList, description: 'one page of refused messages' })
  deadLetters(@Query() query: DeadLettersQuery, @Req() request: ApiRequest) {
    return readDeadLetters(this.store.for(request), query);
  }
}
