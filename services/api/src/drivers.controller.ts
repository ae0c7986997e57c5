import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { Requires } from './access.guard';
import type { ApiRequest } from './caller';
import {
  driverParamsSchema,
  driverQuerySchema,
  driverSchema,
  driversQuerySchema,
  driversSchema,
} from './driver-answers';
import { readDriver, readDrivers } from './drivers';
import { Store } from './store';

class DriversQuery extends createZodDto(driversQuerySchema) {}
class DriverParams extends createZodDto(driverParamsSchema) {}
class DriverQuery extends createZodDto(driverQuerySchema) {}
class DriverList extends createZodDto(driversSchema) {}
class DriverDetail extends createZodDto(driverSchema) {}

@ApiTags('drivers')
@Controller('api/v1/drivers')
@Requires('read')
export class DriversController {
  constructor(private readonly store: Store) {}

  @Get()
  @ApiOperation({
    operationId: 'listDrivers',
    summary: 'Lists the drivers that crashes blame',
    description: 'Those of most hosts first. Filters are those of the aggregates.',
  })
  @ApiOkResponse({ type: DriverList, description: 'the drivers' })
  list(@Query() query: DriversQuery, @Req() request: ApiRequest) {
    return readDrivers(this.store.for(request), query);
  }

  @Get(':driver')
  @ApiOperation({
    operationId: 'getDriver',
    summary: 'Shows one driver',
    description:
      'Its versions with their crash rates where installs told who has them, what it had loaded, and crashes over time.',
  })
  @ApiOkResponse({ type: DriverDetail, description: 'the driver' })
  look(@Param() { driver }: DriverParams, @Query() query: DriverQuery, @Req() request: ApiRequest) {
    return readDriver(this.store.for(request), driver, query);
  }
}
