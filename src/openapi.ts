import 'reflect-metadata';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { Config } from './config/config.js';
import { createOpenApiDocument, loadPluginMetadata } from './platform/http/openapi.js';

// Writes openapi.json from the built code, or with --check says whether it is current. Connects to nothing: in preview
// Nest knows the controllers but makes no providers.
const config = Config.fromEnvironment({ DATABASE_URL: 'none', REDIS_URL: 'none', ENCRYPTION_KEYS: '' });
await loadPluginMetadata();
const app = await NestFactory.create(AppModule.with(config), { preview: true, logger: false, abortOnError: false });
const text = `${JSON.stringify(createOpenApiDocument(app), null, 2)}\n`;

const path = `${import.meta.dirname}/../openapi.json`;
const current = existsSync(path) && readFileSync(path, 'utf8') === text;
if (!process.argv.includes('--check')) {
  writeFileSync(path, text);
  console.log(current ? 'openapi.json was current.' : 'openapi.json is written.');
} else if (!current) {
  console.error('openapi.json does not match the code: run npm run openapi and commit it.');
  process.exitCode = 1;
}
