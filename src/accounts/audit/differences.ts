/** Pure: each of the fields that differs, before and after, under its name in the API (`timeZone` → `time_zone`). */
export function differences<T extends object>(
  before: T,
  after: T,
  fields: readonly (keyof T & string)[],
): Record<string, { from: unknown; to: unknown }> {
  const changed = fields.filter((field) => before[field] !== after[field]);
  const nameOf = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(changed.map((field) => [nameOf(field), { from: before[field], to: after[field] }]));
}
