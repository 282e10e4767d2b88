import type { IGetNodeParameterOptions, INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../core/model/errors';

type Properties = readonly INodeProperties[];

/** Trigger, webhook and hook contexts of n8n alike. */
export interface ParameterContext {
  getNodeParameter(name: string, fallback?: unknown): unknown;
}

/** The values of an `options` or `multiOptions` property; any text where they are loaded at run time. */
type Choice<P> = P extends { options: ReadonlyArray<infer O> }
  ? O extends { value: infer V }
    ? V
    : never
  : string;

type Fields<P extends Properties> = { [Q in P[number] as Q['name']]: ValueOf<Q> };

type Rows<P> = P extends { options: ReadonlyArray<infer G> }
  ? {
      [H in G as H extends { name: infer N extends string } ? N : never]?: H extends {
        values: infer V extends Properties;
      }
        ? Array<Fields<V>>
        : never;
    }
  : never;

/** What a parameter holds, derived from its own description. */
type ValueOf<P> = P extends { type: 'boolean' }
  ? boolean
  : P extends { type: 'number' }
    ? number
    : P extends { type: 'options' }
      ? Choice<P>
      : P extends { type: 'multiOptions' }
        ? Array<Choice<P>>
        : P extends { type: 'collection'; options: infer O extends Properties }
          ? Partial<Fields<O>>
          : P extends { type: 'fixedCollection' }
            ? Rows<P>
            : P extends { type: 'resourceMapper' }
              ? MappedValues
              : string;

/** What stands in the fields of a resource mapper, by their ids. */
export interface MappedValues {
  value: Record<string, unknown>;
}

/** Reads parameters by name: a name that the panel does not have does not compile. */
export type ParameterReader<P extends Properties> = FieldReader<Fields<P>>;

/** Of its own, so that the reader of a whole panel can be handed to what reads some of its fields. */
type FieldReader<F> = <N extends keyof F>(name: N) => F[N];

/** n8n's own reader, with the item index already bound where there is one. */
export type RawReader = (name: string, options?: IGetNodeParameterOptions) => unknown;

/**
 * A typed reader for one item. What an expression yields is checked against the kind of the field, because
 * n8n passes on whatever it is.
 * @throws InvalidInputError naming the field of the panel
 */
export function parameterReader<const P extends Properties>(
  properties: P,
  read: RawReader,
): ParameterReader<P> {
  return (name) => {
    const property = properties.find((candidate) => candidate.name === name);
    if (!property) throw new Error(`The panel has no field "${String(name)}".`);
    const options = property.type === 'resourceLocator' ? { extractValue: true } : undefined;
    // The one cast of this file: `checked` has just compared the value with the kind of its property.
    return checked(property, read(property.name, options)) as never;
  };
}

function checked(property: INodeProperties, value: unknown): unknown {
  switch (property.type) {
    case 'string':
    case 'resourceLocator':
      return asText(property, value);
    case 'number':
      return asNumber(property, value);
    case 'boolean':
      return value === true || value === 'true';
    case 'multiOptions':
      return Array.isArray(value) ? value : [];
    case 'collection':
      return checkedFields(property, value);
    case 'fixedCollection':
      return checkedRows(property, value);
    case 'resourceMapper':
      return { value: isRecord(value) && isRecord(value.value) ? value.value : {} };
    default:
      return value;
  }
}

/**
 * Ids often come as numbers (a page id out of JSON), so numbers count as text, and lists of either as what people write
 * with commas; objects do not.
 */
function asText(property: INodeProperties, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every(isPlain)) return value.join(', ');
  throw wrongValue(
    property,
    'is not a text',
    'Pick one field of the item instead of a whole object.',
  );
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function asNumber(property: INodeProperties, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw wrongValue(property, 'is not a number', 'Give a number, or an expression that yields one.');
}

function checkedFields(property: INodeProperties, value: unknown): Record<string, unknown> {
  const given = isRecord(value) ? value : {};
  const known = (property.options ?? []) as INodeProperties[];
  const entries = known
    .filter((field) => given[field.name] !== undefined)
    .map((field) => [field.name, checked(field, given[field.name])] as const);
  return Object.fromEntries(entries);
}

function checkedRows(property: INodeProperties, value: unknown): Record<string, unknown> {
  const given = isRecord(value) ? value : {};
  const groups = (property.options ?? []) as Array<{ name: string; values: INodeProperties[] }>;
  return Object.fromEntries(
    groups.map(({ name, values }) => {
      const rows = given[name];
      const list = Array.isArray(rows) ? rows : rows === undefined ? [] : [rows];
      return [name, list.map((row) => checkedRow(values, row))];
    }),
  );
}

/** n8n leaves out fields that were never touched: their defaults count. */
function checkedRow(fields: INodeProperties[], row: unknown): Record<string, unknown> {
  const given = isRecord(row) ? row : {};
  return Object.fromEntries(
    fields.map((field) => [field.name, checked(field, given[field.name] ?? field.default)]),
  );
}

function wrongValue(property: INodeProperties, problem: string, hint: string): InvalidInputError {
  return new InvalidInputError(property.displayName, `"${property.displayName}" ${problem}.`, {
    hint,
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
