import type { INodeProperties } from 'n8n-workflow';
import { placeOptions } from '../../../shared/accountOperation';
import { listProperties } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { accountRun, openHub } from '../../accountRuns';
import { subscriptionItem } from './subscriptionItem';

export const properties = [...listProperties, placeOptions] as const satisfies INodeProperties[];

export const operation: Operation = {
  start(context) {
    const run = accountRun(context);
    return async (itemIndex) => {
      const read = parameterReader(properties, (name, options) =>
        context.getNodeParameter(name, itemIndex, undefined, options),
      );
      const { app, access } = await openHub(run, read('options'));
      const found = await core.notificaMe.listSubscriptions(app.http, access);
      return (read('returnAll') ? found : found.slice(0, read('limit'))).map(subscriptionItem);
    };
  },
};
