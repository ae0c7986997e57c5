import { Controller, Get, Headers, Param, Query, Res, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { toCsv, wantsCsv } from './csv';
import {
  incidentHostsQuerySchema,
  incidentHostsSchema,
  incidentParamsSchema,
  incidentSchema,
  incidentsQuerySchema,
  incidentsSchema,
} from './incident-answers';
import { hostColumns, readIncident, readIncidentHosts, readIncidents } from './incidents';
import { NoQuery } from './no-query.guard';
import { Store } from './store';

class IncidentsQuery extends createZodDto(incidentsQuerySchema) {}
class IncidentParams extends createZodDto(incidentParamsSchema) {}
class IncidentHostsQuery extends createZodDto(incidentHostsQuerySchema) {}
class IncidentList extends createZodDto(incidentsSchema) {}
class IncidentDetail extends createZodDto(incidentSchema) {}
class IncidentHosts extends createZodDto(incidentHostsSchema) {}

interface CsvReply {
  type(type: string): void;
  attachment(name: string): void;
  setHeader(name: string, value: string): void;
}

@ApiTags('incidents')
@Controller('api/v1/incidents')
export class IncidentsController {
  constructor(private readonly store: Store) {}

  @Get()
  @ApiOperation({
    operationId: 'listIncidents',
    summary: 'Lists incidents, last opened first',
    description: 'Each incident in its latest state. A filter may be repeated: any of its values counts.',
  })
  @ApiOkResponse({ type: IncidentList, description: 'one page of incidents' })
  list(@Query() query: IncidentsQuery) {
    return readIncidents(this.store, query);
  }

  @Get(':id')
  @UseGuards(NoQuery)
  @ApiOperation({ operationId: 'getIncident', summary: 'Shows one incident with all its changes' })
  @ApiOkResponse({ type: IncidentDetail, description: 'the incident' })
  look(@Param() { id }: IncidentParams) {
    return readIncident(this.store, id);
  }

  @Get(':id/hosts')
  @ApiOperation({
    operationId: 'listIncidentHosts',
    summary: 'Lists the hosts that crashed',
    description:
      'Hosts that applied the suspect and then crashed, for the people who must go there. The next page of a CSV is named ' +
      'by the header Link (rel="next").',
  })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: IncidentHosts, description: 'one page of hosts' })
  async hosts(
    @Param() { id }: IncidentParams,
    @Query() query: IncidentHostsQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: CsvReply,
  ) {
    const answer = await readIncidentHosts(this.store, id, query);
    if (!wantsCsv(query.format, accept)) return answer;
    if (answer.next_cursor !== null) {
      const next = new URLSearchParams({ format: 'csv', limit: String(query.limit), cursor: answer.next_cursor });
      reply.setHeader('Link', `</api/v1/incidents/${encodeURIComponent(id)}/hosts?${next}>; rel="next"`);
    }
    reply.attachment('incident-hosts.csv');
    reply.type('text/csv; charset=utf-8; header=present');
    return toCsv(hostColumns, answer.hosts);
  }
}
