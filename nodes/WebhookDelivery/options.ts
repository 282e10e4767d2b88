import type { IExecuteFunctions } from 'n8n-workflow';
import type { App } from '../../core/runtime';
import { mustHave } from '../shared/mustHave';
import { openApp, tenantId } from '../shared/openApp';

/** The store and the tenant that an operation works in. */
export async function openPlace(
  context: IExecuteFunctions,
  options: { store?: string; tenant?: string },
): Promise<{ app: App; tenant: string }> {
  return { app: await openApp(context, options.store), tenant: tenantId(options.tenant) };
}

/** @throws InvalidInputError when nothing was chosen */
export function chosenId(field: string, value: string): string {
  return mustHave(field, value, 'Choose it from the list, or give its id.');
}
