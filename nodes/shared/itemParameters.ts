import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterReader, type ParameterReader } from './parameters';
import { plainExpression } from './plainExpression';

/**
 * Typed readers for the items of one run. What holds no expression is the same for every item and read once, and a field
 * of the item is looked up: n8n takes longer to hand a parameter out than most nodes to work.
 */
export function itemParameters<const P extends readonly INodeProperties[]>(
  context: IExecuteFunctions,
  properties: P,
): (itemIndex: number) => ParameterReader<P> {
  const given = context.getNode().parameters;
  const items = context.getInputData();
  const constants = new Map<string, unknown>();
  const plain = new Map(
    Object.entries(given).map(([name, value]) => [name, plainExpression(expressionOf(value))]),
  );
  return (itemIndex) =>
    parameterReader(properties, (name, options) => {
      if (constants.has(name)) return constants.get(name);
      const json = items[itemIndex]?.json;
      const text = json && plain.get(name)?.(json);
      if (text !== undefined) return text;
      const value = context.getNodeParameter(name, itemIndex, undefined, options);
      if (name in given && !hasExpression(given[name])) constants.set(name, value);
      return value;
    });
}

/** The parameter's one expression, be it a text or a resource locator by id; else a text that is none. */
function expressionOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || !('__rl' in value)) return '';
  const { mode, value: chosen } = value as unknown as { mode: unknown; value: unknown };
  return mode === 'id' && typeof chosen === 'string' ? chosen : '';
}

/** n8n's own mark of an expression, anywhere in the parameter. */
function hasExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('=');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasExpression);
}
