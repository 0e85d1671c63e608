/** Pure: a parameter that is there once; whatever else is sent along is left alone. */
export function textOf(query: Record<string, unknown>, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' ? value : undefined;
}
