import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { type Schema, schemas } from './document.js';

const ROOT = 'openapi.json';
let ajv: Ajv | undefined;
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with a body by its schema; undefined when it fits. */
export function mismatch(schema: Schema, body: unknown): string | undefined {
  const check = validatorOf(schema);
  if (check(body)) return undefined;
  return (check.errors ?? [])
    .slice(0, 3)
    .map(({ instancePath, message, params }) => `${instancePath || 'body'} ${message} ${JSON.stringify(params)}`)
    .join('; ');
}

function validatorOf(schema: Schema): ValidateFunction {
  const key = JSON.stringify(schema);
  let check = compiled.get(key);
  if (!check) {
    check = instance().compile(strict(schema) as Schema);
    compiled.set(key, check);
  }
  return check;
}

function instance(): Ajv {
  if (ajv) return ajv;
  ajv = new Ajv({ meta: false, validateSchema: false, strictTypes: false, strictRequired: false });
  ajv.addVocabulary(['example', 'discriminator']);
  addFormats.default(ajv);
  const definitions = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, strict(schema)]));
  ajv.addSchema({ $id: ROOT, definitions });
  return ajv;
}

/** OpenAPI 3.0 → JSON Schema, where an object has no other properties than those named. */
export function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, properties, $ref, ...rest } = schema as Schema;
  if (typeof $ref === 'string') return { $ref: $ref.replace('#/components/schemas', `${ROOT}#/definitions`) };
  const converted: Schema = {};
  for (const [name, value] of Object.entries(rest)) converted[name] = NESTED.has(name) ? strict(value) : value;
  if (properties) {
    const entries = Object.entries(properties).map(([name, value]) => [name, strict(value)] as const);
    converted.properties = Object.fromEntries(entries);
    converted.additionalProperties ??= false;
  }
  return nullable ? { anyOf: [{ type: 'null' }, converted] } : converted;
}

const NESTED = new Set(['items', 'allOf', 'anyOf', 'oneOf', 'not', 'additionalProperties']);
