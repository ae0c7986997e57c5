import { Controller, Get, Param, Query, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { NoQuery } from './no-query.guard';
import {
  updateParamsSchema,
  updateQuerySchema,
  updateSchema,
  updatesQuerySchema,
  updatesSchema,
  verdictSchema,
} from './update-answers';
import { Updates } from './updates';

class UpdatesQuery extends createZodDto(updatesQuerySchema) {}
class UpdateParams extends createZodDto(updateParamsSchema) {}
class UpdateQuery extends createZodDto(updateQuerySchema) {}
class UpdateList extends createZodDto(updatesSchema) {}
class UpdateDetail extends createZodDto(updateSchema) {}
class UpdateVerdict extends createZodDto(verdictSchema) {}

@ApiTags('updates')
@Controller('api/v1/updates')
export class UpdatesController {
  constructor(private readonly updates: Updates) {}

  @Get()
  @ApiOperation({
    operationId: 'listUpdates',
    summary: 'Lists updates, newest first',
    description: 'Every update that was announced or applied, with its adoption, its crash rate and its verdict.',
  })
  @ApiOkResponse({ type: UpdateList, description: 'one page of updates' })
  list(@Query() query: UpdatesQuery) {
    return this.updates.list(query);
  }

  @Get(':channel/:version')
  @ApiOperation({
    operationId: 'getUpdate',
    summary: 'Shows one update',
    description: 'As in the list, with what its vendor did and with adoption and crashes on one time axis.',
  })
  @ApiOkResponse({ type: UpdateDetail, description: 'the update' })
  look(@Param() update: UpdateParams, @Query() query: UpdateQuery) {
    return this.updates.look(update, query.bucket);
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
  judge(@Param() update: UpdateParams) {
    return this.updates.judge(update);
  }
}
