import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { parameterReader, type ParameterReader } from './parameters';

/**
 * Typed readers for the items of one run. What holds no expression is the same for every item and read once: n8n takes
 * longer to hand a parameter out than most nodes to work.
 */
export function itemParameters<const P extends readonly INodeProperties[]>(
  context: IExecuteFunctions,
  properties: P,
): (itemIndex: number) => ParameterReader<P> {
  const given = context.getNode().parameters;
  const constants = new Map<string, unknown>();
  return (itemIndex) =>
    parameterReader(properties, (name, options) => {
      if (constants.has(name)) return constants.get(name);
      const value = context.getNodeParameter(name, itemIndex, undefined, options);
      if (name in given && !hasExpression(given[name])) constants.set(name, value);
      return value;
    });
}

/** n8n's own mark of an expression, anywhere in the parameter. */
function hasExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('=');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasExpression);
}
