import { ApiError } from '../errors.js';

export type Data = Record<string, unknown>;

export function dataOf(body: unknown): Data {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Data) : {};
}

export function textOf(data: Data, name: string): string | undefined {
  const value = data[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new ApiError(400, 'INVALID_CONTROL', `${name} must be a string`);
}

export function numberOf(data: Data, name: string): number | undefined {
  const value = data[name];
  if (value === undefined || typeof value === 'number') return value;
  throw new ApiError(400, 'INVALID_CONTROL', `${name} must be a number`);
}

export function booleanOf(data: Data, name: string): boolean | undefined {
  const value = data[name];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new ApiError(400, 'INVALID_CONTROL', `${name} must be true or false`);
}

export function textsOf(data: Data, name: string): string[] | undefined {
  const value = data[name];
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((v) => typeof v === 'string')) return value;
  throw new ApiError(400, 'INVALID_CONTROL', `${name} must be a list of strings`);
}
