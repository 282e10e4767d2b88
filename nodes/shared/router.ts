import type {
  IBinaryKeyData,
  IDataObject,
  IExecuteFunctions,
  INodeExecutionData,
} from 'n8n-workflow';
import { toNodeError } from './errors';
import { runItems } from './runItems';

export interface Operation {
  /**
   * Prepares what all items of this run share and returns the function for one item; it yields one result, or a list
   * of any length.
   */
  start(context: IExecuteFunctions, run: Run): ItemRunner;
  /** How many items may be under way at the same time; default 1. Their results leave in the order of the items. */
  atOnce?: number;
}

export type ItemRunner = (itemIndex: number) => Promise<ItemResult | ItemResult[]>;

/** Most results are JSON alone. */
export type ItemResult = IDataObject | ResultWithFiles;

/** A result with files beside its JSON, as n8n's binary data. */
export class ResultWithFiles {
  constructor(
    readonly json: IDataObject,
    readonly binary: IBinaryKeyData,
  ) {}
}

/** One run of a node over its items. */
export interface Run {
  /** An item has failed, and the admin did not choose to continue: what has not begun must not begin any more. */
  readonly isStopped: boolean;
  /** To be called where an item fails, before anything that waits for it goes on. */
  noteFailure(): void;
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

/** What became of one item: by which output, with what. */
type ItemOutcome = { output: number; item: INodeExecutionData }[];

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
  const run = {
    isStopped: false,
    noteFailure: () => {
      run.isStopped = !this.continueOnFail();
    },
  };
  const runItem = chosen.start(this, run);
  const runOne = async (itemIndex: number): Promise<ItemOutcome> => {
    const pairedItem = { item: itemIndex };
    try {
      const found = [await runItem(itemIndex)].flat();
      return found.map((result) => {
        const item =
          result instanceof ResultWithFiles
            ? { json: result.json, binary: result.binary, pairedItem }
            : { json: result, pairedItem };
        return { output: outputs.of(item.json), item };
      });
    } catch (caught) {
      const [cause, result] =
        caught instanceof FailedWithResult ? [caught.error, caught.result] : [caught, {}];
      const error = toNodeError(this.getNode(), cause, itemIndex);
      run.noteFailure();
      if (!this.continueOnFail()) throw error;
      const json = { ...result, error: error.message };
      return [{ output: outputs.ofError, item: { json, pairedItem } }];
    }
  };
  const outcomes = await runItems(this.getInputData().length, runOne, {
    atOnce: chosen.atOnce ?? 1,
    signal: this.getExecutionCancelSignal(),
  });
  const results = Array.from({ length: outputs.count }, (): INodeExecutionData[] => []);
  for (const { output, item } of outcomes.flat()) results[output]?.push(item);
  return results;
}
