import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { Requires } from './access.guard';
import type { ApiRequest } from './caller';
import { NoQuery } from './no-query.guard';
import { readStatus, statusSchema } from './status-answer';
import { Store } from './store';

class Status extends createZodDto(statusSchema) {}

@ApiTags('status')
@Controller('api/v1/status')
@Requires('read')
export class StatusController {
  constructor(private readonly store: Store) {}

  @Get()
  @UseGuards(NoQuery)
  @ApiOperation({ operationId: 'getStatus', summary: 'Says what the store holds, and up to when' })
  @ApiOkResponse({ type: Status, description: 'the status' })
  get(@Req() request: ApiRequest) {
    return readStatus(this.store.for(request));
  }
}
