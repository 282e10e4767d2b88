import type { INodeProperties } from 'n8n-workflow';
import type { BroadcastName } from '../../../../core/journeys/broadcasts/control';
import type { App } from '../../../../core/runtime';
import { placeOptions } from '../../../shared/commonOptions';
import { itemParameters } from '../../../shared/itemParameters';
import { toItem } from '../../../shared/listProperties';
import { mustHave } from '../../../shared/mustHave';
import { openApp, tenantId } from '../../../shared/openApp';
import type { ParameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { broadcastLocator } from '../../broadcastLocator';

/** The panel of every operation on one broadcast that asks nothing else. */
export const properties = [broadcastLocator, placeOptions] as const satisfies INodeProperties[];

/**
 * An operation that does one thing with one broadcast and gives it as it is afterwards.
 * @param panel with `broadcast` and `options` among them
 */
export function ofBroadcast<const P extends readonly INodeProperties[]>(
  panel: P,
  work: (app: App, name: BroadcastName, read: ParameterReader<P>) => Promise<object>,
): Operation {
  return {
    start(context) {
      const readerFor = itemParameters(context, panel);
      const commonFor = itemParameters(context, properties);
      return async (itemIndex) => {
        const readCommon = commonFor(itemIndex);
        const { store, tenant } = readCommon('options');
        const name = { tenantId: tenantId(tenant), broadcastId: mustName(readCommon('broadcast')) };
        const app = await openApp(context, store);
        return toItem(await work(app, name, readerFor(itemIndex)));
      };
    },
  };
}

/** @throws InvalidInputError when none was chosen */
export function mustName(broadcast: string): string {
  return mustHave(
    'Broadcast',
    broadcast,
    'Choose one from the list, or use the broadcastId of the item that "Create" gave.',
  );
}
