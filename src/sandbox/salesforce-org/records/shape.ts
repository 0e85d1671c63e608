import type { Call } from '../call.js';
import { recordUrl } from '../call.js';
import { prefixOf } from '../ids.js';
import type { Compiled } from '../soql/compile.js';
import { toWire } from '../soql/fields.js';

type Json = Record<string, unknown>;

/** A record as it is answered: its attributes first, then the fields in the order of the query. */
export function toRecord(call: Call, compiled: Pick<Compiled, 'type' | 'columns'>, row: unknown[]): Json {
  const { name } = compiled.type;
  const record: Json = { attributes: { type: name, url: recordUrl(call, name, String(row[0])) } };
  let at = 1;
  for (const { path, field, via } of compiled.columns) {
    const [head = '', tail] = path;
    if (tail === undefined) {
      record[head] = toWire(field, row[at]);
      at += 1;
      continue;
    }
    const id = via === undefined ? null : row[at + 1];
    addRelated(call, record, head, tail, toWire(field, row[at]), typeof id === 'string' ? id : null);
    at += 2;
  }
  return record;
}

function addRelated(call: Call, record: Json, name: string, field: string, value: unknown, id: string | null): void {
  if (id === null) {
    record[name] = null;
    return;
  }
  const known = record[name];
  if (typeof known === 'object' && known !== null) {
    Object.assign(known, { [field]: value });
    return;
  }
  const type = call.org.catalogue.ofId(prefixOf(id))?.name ?? 'Name';
  record[name] = { attributes: { type, url: recordUrl(call, type, id) }, [field]: value };
}
