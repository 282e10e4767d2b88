import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { App } from '../../core/runtime';
import { InvalidInputError } from '../../core/model/errors';
import { storeOption, tenantOption } from '../shared/commonOptions';
import { openApp, tenantId } from '../shared/openApp';

/** Options of operations that need no others. */
export const plainOptions = {
  displayName: 'Options',
  name: 'options',
  type: 'collection',
  placeholder: 'Add Option',
  default: {},
  options: [storeOption, tenantOption],
} as const satisfies INodeProperties;

/** The store and the tenant that an operation works in. */
export async function openPlace(
  context: IExecuteFunctions,
  options: { store?: string; tenant?: string },
): Promise<{ app: App; tenant: string }> {
  return { app: await openApp(context, options.store), tenant: tenantId(options.tenant) };
}

/** @throws InvalidInputError when nothing was chosen */
export function chosenId(field: string, value: string): string {
  const id = value.trim();
  if (id) return id;
  throw new InvalidInputError(field, `"${field}" is empty.`, {
    hint: 'Choose it from the list, or give its id.',
  });
}
