import { describe, expect, it } from '@jest/globals';
import { backoffMs } from '../../../src/platform/pipelines/backoff.js';
import type { PipelineDefinition, PipelineHandler } from '../../../src/platform/pipelines/pipeline.js';
import { redisOptions } from '../../../src/platform/pipelines/pipeline-queues.js';
import { Pipelines } from '../../../src/platform/pipelines/pipelines.js';

const handler: PipelineHandler = {
  dueLanes: () => Promise.resolve([]),
  slice: () => Promise.resolve({ kind: 'idle' }),
};

function pipelines(...names: string[]): Pipelines {
  return new Pipelines(
    names.map((name): PipelineDefinition => ({ name, concurrency: 1, leaseMs: 1_000, drainMs: 1_000 })),
  );
}

describe('the catalogue of background work', () => {
  it('is complete when each pipeline has one handler', () => {
    const complete = pipelines('sync', 'dispatch');
    complete.register('sync', handler);
    complete.register('dispatch', handler);
    expect(() => complete.assertComplete()).not.toThrow();
  });

  it('refuses a pipeline without a handler', () => {
    expect(() => pipelines('sync').assertComplete()).toThrow(
      'The pipeline "sync" has no handler: its feature must call pipelines.register("sync", …).',
    );
  });

  it('refuses two handlers for one pipeline', () => {
    const double = pipelines('sync');
    double.register('sync', handler);
    double.register('sync', handler);
    expect(() => double.assertComplete()).toThrow('The pipeline "sync" has two handlers');
  });

  it('refuses a handler for a pipeline that it does not know', () => {
    const unknown = pipelines();
    unknown.register('typo', handler);
    expect(() => unknown.assertComplete()).toThrow('A handler registers for "typo", which is not in the catalogue');
  });

  it('refuses a pipeline that is there twice, and names all mistakes at once', () => {
    expect(() => pipelines('sync', 'sync', 'dispatch').assertComplete()).toThrow(
      /"sync" is 2 times in the catalogue[^]*"sync" has no handler[^]*"dispatch" has no handler/,
    );
  });
});

describe('the rest after a failure', () => {
  it('grows from 1 s to 5 min with full jitter', () => {
    expect([1, 2, 3, 8, 9, 1_000].map((failures) => backoffMs(failures, 0.999_999_9))).toEqual([
      2_000, 4_000, 8_000, 256_000, 300_000, 300_000,
    ]);
    expect([1, 9, 1_000].map((failures) => backoffMs(failures, 0))).toEqual([1_000, 1_000, 1_000]);
  });
});

describe('the address of Redis', () => {
  it('may carry a user, a password, a database and TLS', () => {
    expect(redisOptions('rediss://me:p%40ss@cache.example.com:6380/3')).toMatchObject({
      ...{ host: 'cache.example.com', port: 6380, username: 'me', password: 'p@ss', db: 3 },
      tls: { servername: 'cache.example.com' },
    });
    expect(redisOptions('redis://localhost')).toMatchObject({ host: 'localhost', port: 6379 });
  });
});
