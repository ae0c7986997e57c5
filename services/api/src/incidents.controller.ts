import { Controller, Get, Headers, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { Requires } from './access.guard';
import type { ApiRequest } from './caller';
import { type CsvReply, nextCsvPage, replyInCsv, wantsCsv } from './csv';
import {
  incidentHostsQuerySchema,
  incidentHostsSchema,
  incidentParamsSchema,
  incidentSchema,
  incidentsQuerySchema,
  incidentsSchema,
} from './incident-answers';
import { hostColumns, readIncidentHosts } from './incident-hosts';
import { readIncident, readIncidents } from './incidents';
import { NoQuery } from './no-query.guard';
import { Store } from './store';

class IncidentsQuery extends createZodDto(incidentsQuerySchema) {}
class IncidentParams extends createZodDto(incidentParamsSchema) {}
class IncidentHostsQuery extends createZodDto(incidentHostsQuerySchema) {}
class IncidentList extends createZodDto(incidentsSchema) {}
class IncidentDetail extends createZodDto(incidentSchema) {}
class IncidentHosts extends createZodDto(incidentHostsSchema) {}

@ApiTags('incidents')
@Controller('api/v1/incidents')
@Requires('read')
export class IncidentsController {
  constructor(private readonly store: Store) {}

  @Get()
  @ApiOperation({
    operationId: 'listIncidents',
    summary: 'Lists incidents, last opened first',
    description: 'Each incident in its latest state. A filter may be repeated: any of its values counts.',
  })
  @ApiOkResponse({ type: IncidentList, description: 'one page of incidents' })
  list(@Query() query: IncidentsQuery, @Req() request: ApiRequest) {
    return readIncidents(this.store.for(request), query);
  }

  @Get(':id')
  @UseGuards(NoQuery)
  @ApiOperation({ operationId: 'getIncident', summary: 'Shows one incident with all its changes' })
  @ApiOkResponse({ type: IncidentDetail, description: 'the incident' })
  look(@Param() { id }: IncidentParams, @Req() request: ApiRequest) {
    return readIncident(this.store.for(request), id);
  }

  @Get(':id/hosts')
  @ApiOperation({
    operationId: 'listIncidentHosts',
    summary: 'Lists who is down',
    description:
      'Hosts that applied the suspect and then crashed or fell silent, and those that are back, for the people who must go ' +
      'there. The next page of a CSV is named by the header Link (rel="next").',
  })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: IncidentHosts, description: 'one page of hosts' })
  async hosts(
    @Param() { id }: IncidentParams,
    @Query() query: IncidentHostsQuery,
    @Headers('accept') accept: string | undefined,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) reply: CsvReply,
  ) {
    const answer = await readIncidentHosts(this.store.for(request), id, query);
    if (!wantsCsv(query.format, accept)) return answer;
    const next = nextCsvPage(`/api/v1/incidents/${encodeURIComponent(id)}/hosts`, query, answer.next_cursor);
    return replyInCsv(reply, { name: 'incident-hosts.csv', next, columns: hostColumns, rows: answer.hosts });
  }
}
