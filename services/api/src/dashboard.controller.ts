import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Requires } from './access.guard';
import { readPage } from './dashboard-files';

type Reply = { status(code: number): Reply; type(type: string): Reply; send(body: string): void };

/** The dashboard is one page that reads its address itself; its scripts and styles are static files. */
@ApiExcludeController()
@Requires('nothing')
@Controller()
export class DashboardController {
  @Get([
    '/',
    'incidents/:id',
    'updates',
    'updates/:channel/:version',
    'drivers',
    'drivers/:name',
    'explore',
    'deliveries',
    'health',
  ])
  page(@Res() reply: Reply): void {
    const page = readPage();
    if (page === undefined)
      reply.status(503).type('text/plain').send('The dashboard is not built: run `npm run build`.\n');
    else reply.type('html').send(page);
  }
}
