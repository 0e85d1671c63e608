import { registerDecorator } from 'class-validator';

const NAME = /^[a-z][a-z0-9_]{0,39}$/;
/** Names that every object has are nobody's field. */
const TAKEN = new Set(['constructor', 'prototype', 'size', 'first', 'last']);
const VALUE_MAX = 1_000;
export const CUSTOM_FIELDS_MAX = 50;

/** Texts (or null) by names that dynamic fields can have. */
export function IsCustomFields(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isCustomFields',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: areCustomFields,
        defaultMessage: () =>
          `must be at most ${CUSTOM_FIELDS_MAX} texts of at most ${VALUE_MAX} characters by names of a-z, 0-9 and _`,
      },
    });
}

function areCustomFields(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= CUSTOM_FIELDS_MAX && entries.every(([name, text]) => isField(name, text));
}

function isField(name: string, text: unknown): boolean {
  if (!NAME.test(name) || TAKEN.has(name)) return false;
  return text === null || (typeof text === 'string' && text.length <= VALUE_MAX);
}

/** What is left out stays, null removes. */
export function mergedCustom(
  before: Readonly<Record<string, string>>,
  input: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged = Object.entries({ ...before, ...input });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => Boolean(entry[1]?.trim())));
}
