import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';

/** What a core library may import, in the order of ARCHITECTURE.md: each row only from the rows named. */
const core = {
  message: [],
  bugcheck: ['message'],
  rollout: ['message'],
  signature: ['bugcheck'],
  detection: ['bugcheck', 'signature', 'rollout'],
  incident: ['message', 'detection', 'rollout', 'signature'],
  inputs: ['message', 'bugcheck', 'rollout', 'incident'],
  fleet: ['bugcheck', 'rollout'],
};
const coreRows = Object.entries(core).map(([name, may]) => ({
  allSourceTags: ['kind:core', `lib:${name}`],
  onlyDependOnLibsWithTags: may.length > 0 ? may.map((lib) => `lib:${lib}`) : ['none'],
  allowedExternalImports: ['zod', 'yaml'],
}));

const clientsOf = {
  kafka: ['kafkajs', '@nestjs/microservices', '@nestjs/common', 'rxjs'],
  clickhouse: ['@clickhouse/client', 'p-limit', 'zod'],
  audit: [],
  ticks: [],
  backtest: [],
  webhook: ['zod'],
  routing: ['zod', 'yaml'],
};
const adapterRows = Object.entries(clientsOf).map(([name, clients]) => ({
  allSourceTags: ['kind:adapter', `lib:${name}`],
  onlyDependOnLibsWithTags: ['kind:core', 'kind:adapter'],
  allowedExternalImports: clients,
}));

const depConstraints = [
  ...coreRows,
  ...adapterRows,
  {
    sourceTag: 'kind:kit',
    onlyDependOnLibsWithTags: ['none'],
    allowedExternalImports: [
      '@nestjs/*',
      'nestjs-pino',
      'pino',
      'pino-http',
      '@willsoto/nestjs-prometheus',
      'prom-client',
      'reflect-metadata',
      'rxjs',
      'zod',
      'ffi-rs',
      '@chdb/*',
    ],
  },
  {
    sourceTag: 'kind:service',
    onlyDependOnLibsWithTags: ['kind:core', 'kind:adapter', 'lib:service-kit'],
    bannedExternalImports: ['kafkajs', '@clickhouse/client'],
  },
  {
    sourceTag: 'kind:command',
    onlyDependOnLibsWithTags: ['kind:core', 'kind:adapter', 'kind:kit'],
    bannedExternalImports: ['kafkajs', '@clickhouse/client'],
  },
  {
    sourceTag: 'kind:page',
    onlyDependOnLibsWithTags: ['none'],
    allowedExternalImports: ['preact', 'preact/*', 'uplot', 'vite', '@preact/*'],
  },
  { sourceTag: 'kind:test', onlyDependOnLibsWithTags: ['kind:core', 'kind:adapter', 'kind:kit'] },
];

/** Specs may use any package; which of our own they may import is the same as for what they test. */
const specConstraints = depConstraints.map(({ allowedExternalImports, bannedExternalImports, ...row }) => row);

const outsideWorld = [
  'fs',
  'net',
  'http',
  'https',
  'dns',
  'child_process',
  'os',
  'worker_threads',
  'process',
  'crypto',
];

export default [
  ...nx.configs['flat/base'],
  ...nx.configs['flat/typescript'],
  prettier,
  { ignores: ['**/dist', '**/out-spec', '**/node_modules', '.ringwatch', '**/*.cjs'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    rules: {
      '@nx/enforce-module-boundaries': ['error', { enforceBuildableLibDependency: true, allow: [], depConstraints }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.fixture.ts', 'libs/*/stand-ins/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: true, allow: [], depConstraints: specConstraints },
      ],
    },
  },
  {
    files: ['services/**/src/**/*.ts', 'libs/**/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.fixture.ts', '**/*-table.ts'],
    rules: {
      'max-lines': ['error', { max: 300, skipComments: true, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      'max-params': ['error', 5],
      'no-console': 'error',
    },
  },
  {
    files: ['services/*/src/**/*.ts'],
    ignores: [
      '**/*.spec.ts',
      '**/*.fixture.ts',
      '**/main.ts',
      '**/*.module.ts',
      '**/*.controller.ts',
      '**/*.filter.ts',
      '**/*.guard.ts',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@nestjs/*'],
              message: 'Nest wires a service (main, module, controller); what works is plain classes and functions.',
            },
          ],
        },
      ],
    },
  },
  {
    files: Object.keys(core).map((lib) => `libs/${lib}/src/**/*.ts`),
    ignores: ['**/*.spec.ts', '**/*.fixture.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [...outsideWorld, ...outsideWorld.map((name) => `node:${name}`)] },
      ],
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'performance'],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'A core library reads no clock: take the time as a parameter.',
        },
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'A core library reads no clock: take the time as a parameter.',
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'A core library draws no random numbers: take a seeded source as a parameter.',
        },
      ],
    },
  },
];
