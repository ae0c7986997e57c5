import type { INestApplication } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants';
import { ModulesContainer, Reflector } from '@nestjs/core';
import { requirementOf } from './access.guard';
import { startApi } from './api.module';
import { readApiConfig } from './config';
import { operationPaths } from './operation-paths';

describe('every route of the app', () => {
  let app: INestApplication;
  beforeAll(async () => {
    app = await startApi({ HTTP_PORT: '0', LOG_LEVEL: 'fatal', CLICKHOUSE_URL: 'http://127.0.0.1:1' });
  });
  afterAll(() => app.close());

  it('says whom it lets in', () => {
    const reflector = app.get(Reflector);
    const routes = [...app.get(ModulesContainer).values()]
      .flatMap((module) => [...module.controllers.values()])
      .flatMap(({ metatype }) => {
        const controller = metatype as new () => object;
        const prefix = reflector.get<string | undefined>(PATH_METADATA, controller) ?? '';
        return Object.getOwnPropertyNames(controller.prototype)
          .filter((name) => name !== 'constructor')
          .map((name) => (controller.prototype as Record<string, unknown>)[name])
          .filter((handler): handler is () => unknown => typeof handler === 'function')
          .flatMap((handler) =>
            [reflector.get<string | string[] | undefined>(PATH_METADATA, handler) ?? []].flat().map((path) => ({
              path: `/${prefix}/${path}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1'),
              scope: requirementOf(reflector, handler, controller)?.scope,
            })),
          );
      });
    expect(routes.length).toBeGreaterThan(25);
    const silent = routes.filter(({ scope }) => scope === undefined).map(({ path }) => path);
    expect(silent.sort()).toEqual([...operationPaths].sort());
    const open = routes.filter(({ scope }) => scope === 'nothing').map(({ path }) => path);
    expect(open.filter((path) => path.startsWith('/api/')).sort()).toEqual(['/api/v1/session', '/api/v1/session/end']);
  });
});

describe('the settings of the api', () => {
  it.each([
    [{}, true],
    [{ HTTP_HOST: '::1' }, true],
    [{ HTTP_HOST: 'localhost' }, true],
    [{ HTTP_HOST: '0.0.0.0' }, false],
    [{ HTTP_HOST: '10.0.0.1', API_ACCESS: 'loopback' }, false],
    [{ HTTP_HOST: '0.0.0.0', API_ACCESS: 'keys' }, true],
    [{ HTTP_HOST: '0.0.0.0', API_ACCESS: 'published-on-loopback' }, true],
  ])('%j is taken: %s', (env, isTaken) => {
    const read = () => readApiConfig(env);
    if (isTaken) expect(read).not.toThrow();
    else expect(read).toThrow(/API_ACCESS=keys.*ringwatch keys create/s);
  });
});
