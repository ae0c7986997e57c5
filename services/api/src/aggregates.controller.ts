import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { Requires } from './access.guard';
import { aggregatesQuerySchema, readAggregates } from './aggregates';
import { aggregatesSchema } from './aggregates-answer';
import type { ApiRequest } from './caller';
import { type CsvReply, replyInCsv, wantsCsv } from './csv';
import { Store } from './store';

class AggregatesQuery extends createZodDto(aggregatesQuerySchema) {}
class Aggregates extends createZodDto(aggregatesSchema) {}

@ApiTags('aggregates')
@Controller('api/v1/aggregates')
@Requires('read')
export class AggregatesController {
  constructor(private readonly store: Store) {}

  @Get()
  @ApiOperation({
    operationId: 'getAggregates',
    summary: 'Counts crashes and hosts',
    description:
      'Distinct crashes and distinct hosts, exact unless estimated hosts are asked for, grouped by any set of dimensions and a time bucket, filtered by the same ' +
      'fields. A filter may be repeated: any of its values counts. Rows come by bucket, then most crashes first. ' +
      'In CSV, text that a spreadsheet would take for a formula begins with an apostrophe.',
  })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: Aggregates, description: 'the counts' })
  async get(
    @Query() query: AggregatesQuery,
    @Headers('accept') accept: string | undefined,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: CsvReply,
  ) {
    const { columns, ...answer } = await readAggregates(this.store.for(request), query);
    if (!wantsCsv(query.format, accept)) return answer;
    return replyInCsv(reply, { name: 'aggregates.csv', columns, rows: answer.rows });
  }
}
