import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { listIncidents } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { createZodDto } from 'nestjs-zod';
import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { Requires } from './access.guard';
import type { ApiRequest } from './caller';
import { ChangeFeed } from './change-feed';
import { decodeCursor } from './cursor';
import { EventStream } from './event-stream';
import { asSeenBy } from './org-view';
import { cursorField } from './query-fields';
import { Store } from './store';

class StreamQuery extends createZodDto(
  z.strictObject({
    last_event_id: cursorField.meta({
      description: 'id of the last event that was got, where the header Last-Event-ID cannot be set',
    }),
  }),
) {}

const place = z.tuple([z.number().int(), z.string(), z.number().int()]);

@ApiTags('incidents')
@Controller('api/v1/stream')
@Requires('read')
export class StreamController {
  constructor(
    private readonly store: Store,
    private readonly feed: ChangeFeed,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'stream',
    summary: 'Tells of changes of incidents as they happen',
    description:
      'Server-sent events. `incident`: a change, as on the topic `incidents`; its id names its place, and a client that sends it ' +
      'as Last-Event-ID gets everything since. Without it, only what comes. `status`: what the status endpoint answers, when it ' +
      'has changed. A comment every 15 s.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'id of the last event that was got' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'events until one of both hangs up', content: { 'text/event-stream': {} } })
  async stream(
    @Query() query: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: ApiRequest,
    @Res() reply: ServerResponse,
  ): Promise<void> {
    this.feed.requireRoom();
    const last = lastEventId ?? query.last_event_id;
    const position = last === undefined || last === '' ? await this.feed.newest() : positionOf(last);
    const stream = new EventStream(reply);
    const store = this.store.for(request);
    if (request.method === 'HEAD') stream.end();
    else await this.feed.serve(stream, position, { store, shape: (change) => shapeFor(store, change) });
  }
}

function positionOf(id: string) {
  const [detectedMs, incidentId, sequence] = decodeCursor(id, place);
  return { detectedMs, incidentId, sequence };
}

/** A change as the client may see it; nothing of incidents that do not concern its organisations. */
async function shapeFor(store: Store, change: IncidentChange): Promise<object | undefined> {
  if (store.orgs.length === 0) return change;
  const filters = { ids: [change.incident_id], orgs: store.orgs };
  const visible = await store.ask('list-incidents', (db) => listIncidents(db, { filters, maxRows: 1 }));
  return visible.length === 0 ? undefined : (await asSeenBy(store, [change]))[0];
}
