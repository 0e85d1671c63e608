/** What the address says is written. */
export type Compose =
  | { kind: 'single'; person: string | undefined }
  | { kind: 'select' | 'group'; people: readonly string[]; group: string | undefined }
  /** `ofAll`: with all others of its bulk send. */
  | { kind: 'edit'; id: string; ofAll: boolean };

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Pure: what an address asks for; what it says wrongly is as if it were not there. */
export function composeOf(search: string): Compose {
  const given = new URLSearchParams(search);
  const idOf = (name: string) => {
    const value = given.get(name) ?? '';
    return ID.test(value) ? value.toLowerCase() : undefined;
  };
  const id = idOf('id');
  if (id !== undefined) return { kind: 'edit', id, ofAll: given.get('all') === 'true' };
  const people = (given.get('people') ?? '').split(',').filter((one) => ID.test(one));
  const group = idOf('group');
  if (given.get('mode') === 'group' || group !== undefined) return { kind: 'group', people: [], group };
  if (given.get('mode') === 'select' || people.length > 0) return { kind: 'select', people, group: undefined };
  return { kind: 'single', person: idOf('person') };
}
