import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { incidentChangeSchema } from '@ringwatch/incident';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { z } from 'zod';
import { aggregatesSchema } from './aggregates';
import { incidentHostsSchema, incidentSchema, incidentsSchema } from './incident-answers';
import { problemSchema } from './problem';
import { statusSchema } from './status-answer';
import { updateSchema, updatesSchema, verdictSchema } from './update-answers';

/** Every schema that an answer refers to, under the name of its class in the controllers. */
const named = {
  Aggregates: aggregatesSchema,
  IncidentChange: incidentChangeSchema,
  IncidentDetail: incidentSchema,
  IncidentHosts: incidentHostsSchema,
  IncidentList: incidentsSchema,
  Problem: problemSchema,
  Status: statusSchema,
  UpdateDetail: updateSchema,
  UpdateList: updatesSchema,
  UpdateVerdict: verdictSchema,
};

const problemsOf = {
  '400': 'a parameter is unknown or wrong; `errors` names it',
  '404': 'there is no such thing',
  '503': 'the store does not answer; try again',
} as const;

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
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
    .build();
  const document = cleanupOpenApiDoc(SwaggerModule.createDocument(app, builder), { version: '3.1' });
  document.components = { schemas: answerSchemas() };
  for (const [path, item] of Object.entries(document.paths)) {
    if (!path.startsWith('/api/v1/')) delete document.paths[path];
    else if (item.get) complete(item.get, path);
  }
  return document;
}

function complete(operation: Operation, path: string): void {
  for (const parameter of (operation.parameters ?? []) as Parameter[]) completeParameter(parameter);
  const ok = operation.responses['200'] as { content?: Record<string, { schema: object }> };
  if (ok.content?.['text/csv']) ok.content['text/csv'] = { schema: { type: 'string' } };
  Object.assign(operation.responses, problemResponses(path));
}

/** No query parameter must be given; examples belong to the schema; the form of a time is said by its format. */
function completeParameter(parameter: Parameter): void {
  if (parameter.in === 'query') parameter.required = false;
  if (parameter.schema?.format === 'date-time') delete parameter.schema.pattern;
  if (parameter.schema && parameter.examples) parameter.schema.examples = parameter.examples;
  delete parameter.examples;
}

function problemResponses(path: string) {
  const mayBeMissing = path.includes('{') && !path.endsWith('/verdict');
  const statuses = (Object.keys(problemsOf) as Array<keyof typeof problemsOf>).filter(
    (status) => status !== '404' || mayBeMissing,
  );
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(statuses.map((status) => [status, { description: problemsOf[status], content }]));
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
