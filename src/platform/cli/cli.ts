import type { INestApplicationContext } from '@nestjs/common';
import type { Config } from '../../config/config.js';

/** What a verb of the command line gets: the application, made when it is needed, and a place to print. */
export interface Cli {
  config(): Config;
  /** Starts the application without listening and without background work; closes it afterwards. */
  withApp<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T>;
  print(line: string): void;
}
