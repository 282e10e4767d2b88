import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { ProviderConnection } from '../../core/providers/provider';
import type { App } from '../../core/runtime';
import type { AccountRun } from './accountRuns';
import { accountLocator } from './accounts';
import { storeOption, tenantOption } from './commonOptions';
import { parameterReader, type ParameterReader } from './parameters';
import type { ItemResult, Operation } from './router';

/** Of operations that have nothing else to choose. */
export const placeOptions = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [storeOption, tenantOption],
} as const satisfies INodeProperties;

const common = [accountLocator, placeOptions] as const satisfies INodeProperties[];

/** What an operation has at hand for one item. */
export interface AtAccount<P extends readonly INodeProperties[]> {
  read: ParameterReader<P>;
  connection: ProviderConnection;
  app: App;
  context: IExecuteFunctions;
  itemIndex: number;
}

/**
 * An operation that does one thing with one account for each item.
 * @param properties with `account` and `options` among them
 */
export function accountOperation<const P extends readonly INodeProperties[]>(
  startRun: (context: IExecuteFunctions) => AccountRun,
  properties: P,
  act: (at: AtAccount<P>) => Promise<ItemResult | ItemResult[]>,
): Operation {
  return {
    start(context) {
      const run = startRun(context);
      return async (itemIndex) => {
        const raw: Parameters<typeof parameterReader>[1] = (name, options) =>
          context.getNodeParameter(name, itemIndex, undefined, options);
        const readCommon = parameterReader(common, raw);
        const read = parameterReader(properties, raw);
        return await run.withAccount(
          readCommon('options'),
          readCommon('account'),
          (connection, app) => act({ read, connection, app, context, itemIndex }),
        );
      };
    },
  };
}
