import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { itemParameters } from './itemParameters';
import type { ParameterReader } from './parameters';
import type { ItemResult, Operation } from './router';

/** What an operation has at hand for one item. */
export interface AtItem<P extends readonly INodeProperties[]> {
  read: ParameterReader<P>;
  context: IExecuteFunctions;
  itemIndex: number;
}

/** An operation that does one thing for each item. */
export function itemOperation<const P extends readonly INodeProperties[]>(
  properties: P,
  act: (at: AtItem<P>) => Promise<ItemResult | ItemResult[]>,
): Operation {
  return {
    start(context) {
      const readerFor = itemParameters(context, properties);
      return async (itemIndex) => await act({ read: readerFor(itemIndex), context, itemIndex });
    },
  };
}
