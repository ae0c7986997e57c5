import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { incidentChangeSchema } from '@ringwatch/incident';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { z } from 'zod';
import { auditSchema, sessionSchema, signInBodySchema } from './access-answers';
import {
  acceptedActionSchema,
  assignBodySchema,
  commentBodySchema,
  muteBodySchema,
  plainActionSchema,
} from './action-bodies';
import { aggregatesSchema } from './aggregates-answer';
import { driverSchema, driversSchema } from './driver-answers';
import { incidentHostsSchema, incidentSchema, incidentsSchema } from './incident-answers';
import { deliveriesSchema, lettersSchema } from './operation-answers';
import { orgIncidentSchema } from './org-view';
import { problemSchema } from './problem';
import { signatureSchema, signaturesSchema } from './signature-answers';
import { statusSchema } from './status-answer';
import { gateBodySchema, updateSchema, updatesSchema, verdictSchema } from './update-answers';

/** Every schema that an answer or a body refers to, under the name of its class in the controllers. */
const named = {
  AcceptedAction: acceptedActionSchema,
  AuditList: auditSchema,
  Aggregates: aggregatesSchema,
  Assignment: assignBodySchema,
  Comment: commentBodySchema,
  DeadLetterList: lettersSchema,
  DeliveryList: deliveriesSchema,
  DriverDetail: driverSchema,
  DriverList: driversSchema,
  GateBody: gateBodySchema,
  IncidentChange: incidentChangeSchema,
  IncidentDetail: incidentSchema,
  OrgIncident: orgIncidentSchema,
  Session: sessionSchema,
  SignIn: signInBodySchema,
  IncidentHosts: incidentHostsSchema,
  IncidentList: incidentsSchema,
  Mute: muteBodySchema,
  PlainAction: plainActionSchema,
  Problem: problemSchema,
  SignatureDetail: signatureSchema,
  SignatureList: signaturesSchema,
  Status: statusSchema,
  UpdateDetail: updateSchema,
  UpdateList: updatesSchema,
  UpdateVerdict: verdictSchema,
};

const problemsOf = {
  '400': 'a parameter or a field of the body is unknown or wrong; `errors` names it',
  '401': 'a key is wanted, or this one is not valid',
  '403': 'the key may not do this, or sees some organisations alone',
  '404': 'there is no such thing',
  '409': 'it does not go with how things stand',
  '413': 'the body is larger than 64 KiB',
  '415': 'the body is not application/json',
  '421': 'without keys the api answers to names of its own machine alone',
  '422': 'the question reads more than one may, or the Idempotency-Key came before with another action',
  '429': 'too many requests; Retry-After says how long to wait',
  '431': 'the address and the headers are larger than 64 KiB',
  '503': 'the store or Kafka does not answer; try again',
} as const;
type ProblemStatus = keyof typeof problemsOf;

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Method = 'get' | 'post';
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
interface Parameter {
  in: string;
  required?: boolean;
  examples?: unknown;
  schema?: { format?: string; pattern?: string; examples?: unknown };
}

/**
 * The description of the api as OpenAPI 3.1. Paths and parameters come from the controllers; answers are written from their
 * schemas directly, since on the way through the controllers a value that may be null became an array.
 */
export function describeApi(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Ringwatch')
    .setVersion('1')
    .setDescription('Which update makes Windows hosts crash: counts, updates and incidents. Times are RFC 3339 in UTC.')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'a key: rw_...' }, 'key')
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'a key as the password of any user' }, 'keyAsPassword')
    .addCookieAuth('ringwatch_session', { type: 'apiKey', in: 'cookie' }, 'session')
    .build();
  const document = cleanupOpenApiDoc(SwaggerModule.createDocument(app, builder), { version: '3.1' });
  document.components = { schemas: answerSchemas(), securitySchemes: document.components?.securitySchemes ?? {} };
  document.security = [{ key: [] }, { keyAsPassword: [] }, { session: [] }, {}];
  for (const [path, item] of Object.entries(document.paths)) {
    if (!path.startsWith('/api/v1/')) delete document.paths[path];
    else
      for (const method of ['get', 'post'] as const) {
        const operation = item[method];
        if (operation) complete(operation, path, method);
      }
  }
  return document;
}

function complete(operation: Operation, path: string, method: Method): void {
  for (const parameter of (operation.parameters ?? []) as Parameter[]) completeParameter(parameter);
  const ok = operation.responses['200'] as { content?: Record<string, { schema: object }> } | undefined;
  if (ok?.content?.['text/csv']) ok.content['text/csv'] = { schema: { type: 'string' } };
  const body = operation.requestBody as { required?: boolean; content: Record<string, { schema: object }> } | undefined;
  if (body && /\/(PlainAction|GateBody)"/.test(JSON.stringify(body))) body.required = false;
  Object.assign(operation.responses, problemResponses(path, method));
}

/** No query parameter must be given; examples belong to the schema; the form of a time is said by its format. */
function completeParameter(parameter: Parameter): void {
  if (parameter.in === 'query') parameter.required = false;
  if (parameter.schema?.format === 'date-time') delete parameter.schema.pattern;
  if (parameter.schema && parameter.examples) parameter.schema.examples = parameter.examples;
  delete parameter.examples;
}

function problemResponses(path: string, method: Method) {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    problemStatuses(path, method).map((status) => [status, { description: problemsOf[status], content }]),
  );
}

function problemStatuses(path: string, method: Method): ProblemStatus[] {
  const isAction = path.startsWith('/api/v1/incidents/') && method === 'post';
  const isGate = path.endsWith('/gate');
  const mayBeMissing = path.includes('{') && !isGate && !path.endsWith('/verdict');
  return [
    '400',
    '401',
    '403',
    ...(mayBeMissing ? (['404'] as const) : []),
    ...(isAction || isGate ? (['409'] as const) : []),
    ...(method === 'post' ? (['413', '415'] as const) : []),
    '421',
    '422',
    '429',
    '431',
    '503',
  ];
}

function answerSchemas(): Schemas {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => `#/components/schemas/${id}`,
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  for (const schema of Object.values(schemas)) {
    delete schema.$schema;
    delete schema.$id;
  }
  return schemas as Schemas;
}
