import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { toItem } from '../../../shared/listProperties';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import { parameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { refuseAsTool } from '../../../shared/toolVariant';
import { optionsField, tenantIdField } from './fields';

export const properties = [tenantIdField, optionsField] as const satisfies INodeProperties[];

export const operation: Operation = refuseAsTool('Tenant: Get', {
  start: (context) => async (itemIndex) => await get(context, itemIndex),
});

async function get(context: IExecuteFunctions, itemIndex: number) {
  const read = parameterReader(properties, (name, options) =>
    context.getNodeParameter(name, itemIndex, undefined, options),
  );
  const app = await openApp(context, read('options').store);
  return toItem(await core.tenants.getTenant(app, tenantId(read('tenantId'))));
}
