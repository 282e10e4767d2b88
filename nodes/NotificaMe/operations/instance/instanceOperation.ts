import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { HubAccess } from '../../../../core/providers/notificame';
import type { App } from '../../../../core/runtime';
import { placeOptions } from '../../../shared/commonOptions';
import { itemParameters } from '../../../shared/itemParameters';
import { mustHave } from '../../../shared/mustHave';
import type { ParameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { accountRun, openHub } from '../../accountRuns';

export const instanceIdField = {
  displayName: 'Instance ID',
  name: 'instanceId',
  type: 'string',
  default: '={{ $json.id }}',
  required: true,
  description: 'As Instance: Create or Get Many returned it',
} as const satisfies INodeProperties;

const common = [instanceIdField, placeOptions] as const satisfies INodeProperties[];

/** An operation about one instance for each item. */
export function instanceOperation<const P extends readonly INodeProperties[]>(
  properties: P,
  act: (at: {
    app: App;
    access: HubAccess;
    id: string;
    read: ParameterReader<P>;
  }) => Promise<IDataObject>,
): Operation {
  return {
    start(context) {
      const run = accountRun(context);
      const readerFor = itemParameters(context, properties);
      const commonFor = itemParameters(context, common);
      return async (itemIndex) => {
        const readCommon = commonFor(itemIndex);
        const id = mustHave(
          'Instance ID',
          readCommon('instanceId'),
          'Use the id of an item of Instance: Get Many.',
        );
        const { app, access } = await openHub(run, readCommon('options'));
        return await act({ app, access, id, read: readerFor(itemIndex) });
      };
    },
  };
}
