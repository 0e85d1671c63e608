import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { Config } from '../../config/config.js';
import { dataSourceOptions } from './data-source-options.js';

/** For TypeORM's command line (migration:generate, migration:run) on the built files. */
export default new DataSource(dataSourceOptions(Config.fromEnvironment().get('DATABASE_URL'), 2));
