import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { ProviderConnection } from '../../core/providers/provider';
import type { App } from '../../core/runtime';
import type { AccountRun } from './accountRuns';
import { accountLocator } from './accounts';
import { placeOptions } from './commonOptions';
import type { CredentialSource } from './credentialSource';
import type { AtItem } from './itemOperation';
import { itemParameters } from './itemParameters';
import type { ItemResult, Operation } from './router';

const common = [accountLocator, placeOptions] as const satisfies INodeProperties[];

/**
 * An operation with the accounts behind the node's credential, which all items of a run share.
 * @param startRun of the provider whose node it is
 */
export function credentialOperation<
  S extends CredentialSource,
  const P extends readonly INodeProperties[],
>(
  startRun: (context: IExecuteFunctions) => AccountRun<S>,
  properties: P,
  act: (at: AtItem<P> & { run: AccountRun<S> }) => Promise<ItemResult | ItemResult[]>,
): Operation {
  return {
    start(context) {
      const run = startRun(context);
      const readerFor = itemParameters(context, properties);
      return async (itemIndex) =>
        await act({ read: readerFor(itemIndex), run, context, itemIndex });
    },
  };
}

/** What such an operation has at hand where it is about one account. */
export interface AtAccount<P extends readonly INodeProperties[]> extends AtItem<P> {
  connection: ProviderConnection;
  app: App;
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
      const readerFor = itemParameters(context, properties);
      const commonFor = itemParameters(context, common);
      return async (itemIndex) => {
        const read = readerFor(itemIndex);
        const readCommon = commonFor(itemIndex);
        return await run.withAccount(
          readCommon('options'),
          readCommon('account'),
          (connection, app) => act({ read, connection, app, context, itemIndex }),
        );
      };
    },
  };
}
