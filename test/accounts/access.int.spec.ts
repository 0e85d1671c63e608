import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AccessCheck } from '../../src/accounts/access-check.js';
import { Access, Public } from '../../src/accounts/access.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

@Controller('forgotten')
class ForgottenController {
  @Get()
  list(): string {
    return '';
  }

  @Get('open')
  @Public()
  open(): string {
    return '';
  }
}

@Controller('declared')
@Access({ role: 'member', scope: 'tasks:read' })
class DeclaredController {
  @Get()
  list(): string {
    return '';
  }
}

async function start(...controllers: (new () => object)[]): Promise<void> {
  const module = await Test.createTestingModule({ controllers, providers: [AccessCheck] }).compile();
  await module.init();
  await module.close();
}

describe('who may call a route', () => {
  it('must be said, or nothing starts', async () => {
    await expect(start(ForgottenController, DeclaredController)).rejects.toThrow(
      'These routes need @Access({ role, scope }) or @Public(): ForgottenController.list',
    );
    await expect(start(DeclaredController)).resolves.toBeUndefined();
  });
});

describe('the routes of the application', () => {
  let database: TestDatabase;
  let test: TestApp;

  beforeAll(async () => {
    database = await createTestDatabase();
    test = await createTestApp({ database });
  });
  afterAll(async () => {
    await test.close();
    await database.drop();
  });

  it('are closed without a key, except those declared public', async () => {
    const { body } = await test.http.get('/openapi.json').expect(200);
    const operations = Object.entries(body.paths as Record<string, Record<string, { security?: unknown }>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({
          path,
          method,
          closed: operation.security !== undefined,
        })),
    );
    expect(operations.length).toBeGreaterThan(10);
    for (const { path, method, closed } of operations) {
      const url = path.replaceAll(/\{\w+\}/g, '00000000-0000-7000-8000-000000000000');
      const { status } = await test.http[method as 'get'](url);
      expect([method, path, status === 401]).toEqual([method, path, closed]);
    }
  });
});
