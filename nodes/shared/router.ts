import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { toNodeError } from './errors';

export interface Operation {
  /**
   * Prepares what all items of this run share and returns the function for one item; it yields one result, or a list
   * of any length.
   */
  start(context: IExecuteFunctions): (itemIndex: number) => Promise<IDataObject | IDataObject[]>;
}

/** Operations by resource and name, as the panel offers them. */
export type OperationTable = Record<string, Record<string, Operation>>;

/** Raised by an operation whose result is worth keeping although the item failed. */
export class FailedWithResult extends Error {
  constructor(
    readonly error: unknown,
    readonly result: IDataObject,
  ) {
    super(error instanceof Error ? error.message : String(error));
  }
}

/** By which output a result leaves, for a node that has several. */
export interface Outputs {
  count: number;
  of(result: IDataObject): number;
  /** Where the admin chose to continue after an error. */
  ofError: number;
}

const ONE_OUTPUT: Outputs = { count: 1, of: () => 0, ofError: 0 };

/**
 * The one loop over items of every action node: each result is paired with its item; an error stops the node, or,
 * where the admin chose to continue, becomes the item's `error`.
 */
export async function runOperations(
  this: IExecuteFunctions,
  table: OperationTable,
  outputs: Outputs = ONE_OUTPUT,
): Promise<INodeExecutionData[][]> {
  const resource = String(this.getNodeParameter('resource', 0));
  const operation = String(this.getNodeParameter('operation', 0));
  const chosen = table[resource]?.[operation];
  if (!chosen) {
    throw toNodeError(
      this.getNode(),
      new Error(`This node has no operation ${resource}: ${operation}.`),
    );
  }
  const runItem = chosen.start(this);
  const results = Array.from({ length: outputs.count }, (): INodeExecutionData[] => []);
  for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex += 1) {
    const pairedItem = { item: itemIndex };
    try {
      const found = [await runItem(itemIndex)].flat();
      for (const json of found) results[outputs.of(json)]?.push({ json, pairedItem });
    } catch (caught) {
      const [cause, result] =
        caught instanceof FailedWithResult ? [caught.error, caught.result] : [caught, {}];
      const error = toNodeError(this.getNode(), cause, itemIndex);
      if (!this.continueOnFail()) throw error;
      results[outputs.ofError]?.push({ json: { ...result, error: error.message }, pairedItem });
    }
  }
  return results;
}
