import type { JsonSchema } from './parts';

/**
 * What first breaks a schema, as a sentence fragment that begins with the path of the value; null when nothing does.
 * Knows the keywords that the schemas of this folder use (a test compares it with a full validator).
 */
export function firstFault(schema: JsonSchema, value: unknown, path: string): string | null {
  if (schema.anyOf && !schema.anyOf.some((one) => firstFault(one, value, path) === null)) {
    const [only] = schema.anyOf.filter((one) => one.type !== 'null');
    return only && value !== null ? firstFault(only, value, path) : `${path} is not there`;
  }
  if (schema.const !== undefined && value !== schema.const)
    return `${path} is not ${JSON.stringify(schema.const)}`;
  if (schema.enum && !schema.enum.includes(value as string | null)) {
    return `${path} is not one of: ${schema.enum.map(String).join(', ')}`;
  }
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isOfType(value, type))) {
    return `${path} is not ${[schema.type].flat().map(typeName).join(' or ')}`;
  }
  if (typeof value === 'string') return faultOfText(schema, value, path);
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum) {
    return `${path} is less than ${schema.minimum}`;
  }
  if (Array.isArray(value)) return faultOfItems(schema, value, path);
  return isRecord(value) ? faultOfFields(schema, value, path) : null;
}

function faultOfText(schema: JsonSchema, value: string, path: string): string | null {
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    return `${path} has not the form it needs`;
  }
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(value);
  if (schema.format === 'date-time' && !(isInstant && !Number.isNaN(Date.parse(value)))) {
    return `${path} is not a date with time, like 2026-11-22T13:30:00Z`;
  }
  return null;
}

function faultOfItems({ items }: JsonSchema, value: unknown[], path: string): string | null {
  if (!items) return null;
  for (const [index, item] of value.entries()) {
    const fault = firstFault(items, item, `${path}[${index}]`);
    if (fault !== null) return fault;
  }
  return null;
}

function faultOfFields(
  schema: JsonSchema,
  value: Record<string, unknown>,
  path: string,
): string | null {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const missing = required.find((name) => value[name] === undefined);
  if (missing !== undefined) return `${path}.${missing} is missing`;
  for (const [name, field] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (known === false) return `${path}.${name} is unknown`;
    if (field === undefined || known === undefined || known === true) continue;
    const fault = firstFault(known, field, `${path}.${name}`);
    if (fault !== null) return fault;
  }
  return null;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

const TYPE_NAMES: Record<string, string> = {
  string: 'a text',
  null: 'empty',
  array: 'a list',
  object: 'an object',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function typeName(type: string): string {
  return TYPE_NAMES[type] ?? type;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
