import type { RowError } from '../errors.js';

/** What became of one record of a write. */
export interface SaveResult {
  id: string | undefined;
  success: boolean;
  created: boolean;
  errors: RowError[];
}

export const saved = (id: string, created: boolean): SaveResult => ({ id, success: true, created, errors: [] });

export function refused(error: RowError, id?: string): SaveResult {
  return { id, success: false, created: false, errors: [error] };
}

/** As collections answer it: every record in its place. */
export function collectionResult(result: SaveResult, withCreated: boolean): unknown {
  return {
    ...(result.id !== undefined ? { id: result.id } : {}),
    success: result.success,
    errors: result.errors,
    ...(withCreated && result.success ? { created: result.created } : {}),
  };
}
