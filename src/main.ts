import { bootstrap } from './bootstrap.js';
import { Config, ConfigError } from './config/config.js';
import { StartError } from './platform/errors/start-error.js';

try {
  await bootstrap(Config.fromEnvironment());
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof StartError;
  console.error(expected ? error.message : error);
  process.exit(1);
}
