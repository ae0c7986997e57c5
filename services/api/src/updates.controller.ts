import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { Requires } from './access.guard';
import type { ApiRequest } from './caller';
import { type CsvReply, nextCsvPage, replyInCsv, wantsCsv } from './csv';
import { NoQuery } from './no-query.guard';
import {
  gateBodySchema,
  gateQuerySchema,
  updateParamsSchema,
  updateQuerySchema,
  updateColumns,
  updateSchema,
  updatesQuerySchema,
  updatesSchema,
  verdictSchema,
} from './update-answers';
import { Updates } from './updates';

class UpdatesQuery extends createZodDto(updatesQuerySchema) {}
class UpdateParams extends createZodDto(updateParamsSchema) {}
class UpdateQuery extends createZodDto(updateQuerySchema) {}
class GateQuery extends createZodDto(gateQuerySchema) {}
class GateBody extends createZodDto(gateBodySchema) {}
class UpdateList extends createZodDto(updatesSchema) {}
class UpdateDetail extends createZodDto(updateSchema) {}
class UpdateVerdict extends createZodDto(verdictSchema) {}

const gateDescription =
  'The verdict as a status: 200 with the verdict when it is the one to pass, else 409 with the reason. For tools that look at the ' +
  'status alone, such as `curl -f` and the hooks of Flagger.';

@ApiTags('updates')
@Controller('api/v1/updates')
@Requires('read')
export class UpdatesController {
  constructor(private readonly updates: Updates) {}

  @Get()
  @ApiOperation({
    operationId: 'listUpdates',
    summary: 'Lists updates, newest first',
    description:
      'Every update that was announced or applied, with its adoption, its crash rate and its verdict. A filter may be repeated: ' +
      'any of its values counts. The next page of a CSV is named by the header Link (rel="next").',
  })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: UpdateList, description: 'one page of updates' })
  async list(
    @Query() query: UpdatesQuery,
    @Headers('accept') accept: string | undefined,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: CsvReply,
  ) {
    const answer = await this.updates.for(request).list(query);
    if (!wantsCsv(query.format, accept)) return answer;
    const next = nextCsvPage('/api/v1/updates', query, answer.next_cursor);
    const rows = answer.updates.map(({ judgement, ...update }) => ({ ...update, standing: judgement?.standing }));
    return replyInCsv(reply, { name: 'updates.csv', next, columns: updateColumns, rows });
  }

  @Get(':channel/:version')
  @ApiOperation({
    operationId: 'getUpdate',
    summary: 'Shows one update',
    description: 'As in the list, with what its vendor did and with adoption and crashes on one time axis.',
  })
  @ApiOkResponse({ type: UpdateDetail, description: 'the update' })
  look(@Param() update: UpdateParams, @Query() query: UpdateQuery, @Req() request: ApiRequest) {
    return this.updates.for(request).look(update, query.bucket);
  }

  @Get(':channel/:version/verdict')
  @UseGuards(NoQuery)
  @ApiOperation({
    operationId: 'getVerdict',
    summary: 'Says whether a rollout may go on',
    description:
      'halt: an incident that is not resolved blames the update. hold: too few hosts have applied it, it is one of several ' +
      'suspects that cannot be told apart, or it was withdrawn. go: none of these. An unknown update is hold.',
  })
  @ApiOkResponse({ type: UpdateVerdict, description: 'the verdict and its evidence' })
  judge(@Param() update: UpdateParams, @Req() request: ApiRequest) {
    return this.updates.for(request).judge(update);
  }

  @Get(':channel/:version/gate')
  @ApiOperation({ operationId: 'askGate', summary: 'Opens or closes a gate by status', description: gateDescription })
  @ApiOkResponse({ type: UpdateVerdict, description: 'the gate is open' })
  gate(@Param() update: UpdateParams, @Query() query: GateQuery, @Req() request: ApiRequest) {
    return this.updates.for(request).pass(update, query.pass);
  }

  @Post(':channel/:version/gate')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'askGateByHook',
    summary: 'Opens or closes a gate by status, for tools that post',
    description: gateDescription,
  })
  @ApiOkResponse({ type: UpdateVerdict, description: 'the gate is open' })
  gateByHook(
    @Param() update: UpdateParams,
    @Query() query: GateQuery,
    @Body() _body: GateBody,
    @Req() request: ApiRequest,
  ) {
    return this.updates.for(request).pass(update, query.pass);
  }
}
