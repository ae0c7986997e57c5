import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { storeStatus } from '@ringwatch/clickhouse';
import { createZodDto } from 'nestjs-zod';
import { NoQuery } from './no-query.guard';
import { statusSchema } from './status-answer';
import { Store } from './store';

class Status extends createZodDto(statusSchema) {}

@ApiTags('status')
@Controller('api/v1/status')
export class StatusController {
  constructor(private readonly store: Store) {}

  @Get()
  @UseGuards(NoQuery)
  @ApiOperation({ operationId: 'getStatus', summary: 'Says what the store holds, and up to when' })
  @ApiOkResponse({ type: Status, description: 'the status' })
  async get() {
    const status = await this.store.ask('store-status', storeStatus);
    return {
      newest_event_at: status.newestEventAt,
      closed_until: status.closedUntil,
      hosts: status.hosts,
      crashes: status.crashes,
      updates: status.updates,
    };
  }
}
