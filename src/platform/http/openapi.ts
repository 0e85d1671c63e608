import { readFileSync } from 'node:fs';
import { type INestApplication, Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProblemDetails } from './errors.dto.js';
import { documentProblems } from './openapi-problems.js';

/** The document made from the code. Controllers must be known to the application; nothing needs to be connected. */
export function createOpenApiDocument(app: INestApplication): OpenAPIObject {
  const options = new DocumentBuilder()
    .setTitle('Command Center')
    .setDescription('Tasks of a sales team, kept the same here and in Salesforce. Times are UTC; names are snake_case.')
    .setVersion(packageVersion())
    .addCookieAuth('cc_session', { type: 'apiKey', in: 'cookie', description: 'The session of a browser' }, 'cookie')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: cc_…' })
    .build();
  const operationIdFactory = (controller: string, method: string) =>
    `${controller.replace('Controller', '')}_${method}`;
  const extraModels = [ProblemDetails];
  return documentProblems(SwaggerModule.createDocument(app, options, { operationIdFactory, extraModels }));
}

/** `/docs` for people, `/openapi.json` for programs. */
export async function serveOpenApi(app: NestExpressApplication): Promise<void> {
  await loadPluginMetadata();
  SwaggerModule.setup('docs', app, () => createOpenApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Command Center API',
  });
}

/**
 * What the build read from types and comments. Unbuilt sources (tests) do without it: their document is thinner, and
 * they cannot stumble over what an older build wrote.
 */
export async function loadPluginMetadata(): Promise<void> {
  if (!import.meta.filename.endsWith('.js')) return;
  // The compiler must not look for it: before the first build it is not there.
  const built: string = '../../metadata.js';
  try {
    const metadata = (await import(built)) as { default: () => Promise<Record<string, unknown>> };
    await SwaggerModule.loadPluginMetadata(metadata.default);
  } catch (error) {
    // A half-done build: the documentation is thinner, which is no reason not to serve.
    new Logger('OpenApi').warn({ err: error }, 'the API documentation lacks its details; build again');
  }
}

function packageVersion(): string {
  const path = `${import.meta.dirname}/../../../package.json`;
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
