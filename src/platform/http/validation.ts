import { type ValidationError, ValidationPipe } from '@nestjs/common';
import { type FieldError, ProductError } from '../errors/product-error.js';

/** Turns bodies and queries into their DTO classes and refuses what does not fit, one entry per field. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) => invalidInput(fieldErrors(errors)),
  });
}

export function invalidInput(fields: readonly FieldError[]): ProductError {
  const [first] = fields;
  if (!first) return new ProductError('invalid_input', 'The input is not of the expected shape.');
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : '';
  return new ProductError('invalid_input', `${first.field} ${first.message}${more}.`, fields);
}

function fieldErrors(errors: readonly ValidationError[], parent = ''): FieldError[] {
  return errors.flatMap((error) => {
    if (!error.property) return [];
    const path = pathOf(parent, error.property);
    const own = Object.entries(error.constraints ?? {}).map(([rule, text]) => ({
      field: path,
      message: sentence(rule, text, error.property),
    }));
    return [...own.slice(0, 1), ...fieldErrors(error.children ?? [], path)];
  });
}

function pathOf(parent: string, property: string): string {
  if (/^\d+$/.test(property)) return `${parent}[${property}]`;
  return parent ? `${parent}.${property}` : property;
}

// class-validator begins its messages with the property's name, which the entry names already.
function sentence(rule: string, text: string, property: string): string {
  if (rule === 'whitelistValidation') return 'is not a field here';
  return text.startsWith(`${property} `) ? text.slice(property.length + 1) : text;
}
