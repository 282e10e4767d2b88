import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { BroadcastName } from '../../../../core/journeys/broadcasts/control';
import { InvalidInputError } from '../../../../core/model/errors';
import type { App } from '../../../../core/runtime';
import { toItem } from '../../../shared/listProperties';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader, type ParameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { broadcastLocator } from '../../broadcastLocator';
import { placeOptions } from '../connection/fields';

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
    start: (context) => async (itemIndex) => {
      const { app, name } = await nameOf(context, itemIndex);
      const read = parameterReader(panel, (field, options) =>
        context.getNodeParameter(field, itemIndex, undefined, options),
      );
      return toItem(await work(app, name, read));
    },
  };
}

async function nameOf(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (field, options) =>
    context.getNodeParameter(field, itemIndex, undefined, options),
  );
  const options = read('options');
  const broadcastId = mustName(read('broadcast'));
  const app = await openApp(context, options.store);
  return { app, name: { tenantId: tenantId(options.tenant), broadcastId } };
}

/** @throws InvalidInputError when none was chosen */
export function mustName(broadcast: string): string {
  const id = broadcast.trim();
  if (id) return id;
  throw new InvalidInputError('Broadcast', '"Broadcast" is empty.', {
    hint: 'Choose one from the list, or use the broadcastId of the item that "Create" gave.',
  });
}
