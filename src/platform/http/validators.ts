import { Transform } from 'class-transformer';
import { registerDecorator, ValidateIf } from 'class-validator';
import { isTimeZone } from '../clock/local-date.js';

/** A field that may be left out, but is not nullable (IsOptional lets null pass, too). */
export const MayBeLeftOut = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** Without white space around it, before it is validated. */
export const Trimmed = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** Trimmed and in lower case: how email addresses are compared. */
export const LowerCased = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim().toLowerCase() : value));

/** Ids in lower case, as they are stored and compared; one, or a list. */
export const IdCased = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(lowerCased) : lowerCased(value)));

function lowerCased(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** The name of an IANA time zone. */
export function IsTimeZone(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isTimeZone',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => typeof value === 'string' && value !== '' && isTimeZone(value),
        defaultMessage: () => 'must be the name of a time zone, e.g. Europe/Berlin',
      },
    });
}
