import { InvalidInputError } from '../../core/model/errors';

/** The text of a field that must not be empty. @throws InvalidInputError naming it */
export function mustHave(field: string, value: string, hint = 'Fill it in.'): string {
  const text = value.trim();
  if (text) return text;
  throw new InvalidInputError(field, `"${field}" is empty.`, { hint });
}
