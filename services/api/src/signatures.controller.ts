import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { Requires } from './access.guard';
import type { ApiRequest } from './caller';
import {
  rangeQuerySchema,
  signatureParamsSchema,
  signatureSchema,
  signaturesQuerySchema,
  signaturesSchema,
} from './signature-answers';
import { readSignature, readSignatures } from './signatures';
import { Store } from './store';

class SignaturesQuery extends createZodDto(signaturesQuerySchema) {}
class SignatureParams extends createZodDto(signatureParamsSchema) {}
class RangeQuery extends createZodDto(rangeQuerySchema) {}
class SignatureList extends createZodDto(signaturesSchema) {}
class SignatureDetail extends createZodDto(signatureSchema) {}

@ApiTags('signatures')
@Controller('api/v1/signatures')
@Requires('read')
export class SignaturesController {
  constructor(private readonly store: Store) {}

  @Get()
  @ApiOperation({
    operationId: 'listSignatures',
    summary: 'Lists failure signatures',
    description:
      'Crashes and distinct hosts by failure signature, the readable name of how a host failed. Filters are those of the ' +
      'aggregates. Beyond 2,000 ways to fail the rarest are left out, and `truncated` says so.',
  })
  @ApiOkResponse({ type: SignatureList, description: 'the signatures' })
  list(@Query() query: SignaturesQuery, @Req() request: ApiRequest) {
    return readSignatures(this.store.for(request), query);
  }

  @Get(':signature')
  @ApiOperation({
    operationId: 'getSignature',
    summary: 'Shows one failure signature',
    description:
      'Its parts with the rules that made them, and the updates, builds, countries and organisations it is seen with.',
  })
  @ApiOkResponse({ type: SignatureDetail, description: 'the signature' })
  look(@Param() { signature }: SignatureParams, @Query() range: RangeQuery, @Req() request: ApiRequest) {
    return readSignature(this.store.for(request), signature, range);
  }
}
