import { registerDecorator } from 'class-validator';
import { parseLocalDate } from '../clock/local-date.js';

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** A day that exists, YYYY-MM-DD. */
export const IsLocalDate = (): PropertyDecorator =>
  check('isLocalDate', 'must be a day of the calendar, YYYY-MM-DD', (value) => parseLocalDate(value) !== undefined);

/** An instant with its offset, ISO 8601. */
export const IsInstant = (): PropertyDecorator =>
  check('isInstant', 'must be a time with its offset, e.g. 2026-03-04T09:00:00Z', isInstant);

function isInstant(value: string): boolean {
  const [, day] = INSTANT.exec(value) ?? [];
  if (day === undefined || parseLocalDate(day) === undefined || Number.isNaN(Date.parse(value))) return false;
  // Its offset may carry it out of the years 1 to 9999.
  return /^(?!0000)\d{4}-/.test(new Date(value).toISOString());
}

function check(name: string, message: string, validate: (value: string) => boolean): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => typeof value === 'string' && validate(value),
        defaultMessage: () => message,
      },
    });
}
