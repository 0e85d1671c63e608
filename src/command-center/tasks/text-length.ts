import { registerDecorator } from 'class-validator';

/**
 * At most so many characters as Salesforce counts them (UTF-16 units, of which an emoji has two): what passes here
 * fits there.
 */
export function IsWithin(max: number): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isWithin',
      target: target.constructor,
      propertyName: String(property),
      validator: {
        validate: (value: unknown) => typeof value === 'string' && value.length <= max,
        defaultMessage: () => `must be at most ${max.toLocaleString('en')} characters long; nothing is cut off`,
      },
    });
}
