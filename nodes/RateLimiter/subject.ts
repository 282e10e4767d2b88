import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { InvalidInputError } from '../../core/model/errors';
import type { Account } from '../../core/model/account';
import type { LimitState } from '../../core/model/rateLimit';
import type { App } from '../../core/runtime';
import { core } from '../shared/loadCore';
import { openApp, tenantId } from '../shared/openApp';

/** What every operation's options have. */
export interface CommonOptions {
  keepInput?: boolean;
  store?: string;
  tenant?: string;
}

/** Whose limits an item is about. */
export interface Subject {
  app: App;
  account: Account;
  of: { tenantId: string; accountId: string };
}

/** @throws NotFoundError for an account that this tenant does not have */
export async function openSubject(
  context: IExecuteFunctions,
  accountId: string,
  options: CommonOptions,
): Promise<Subject> {
  const id = accountId.trim();
  if (!id) {
    throw new InvalidInputError('Account', '"Account" is empty.', {
      hint: 'Choose one from the list.',
    });
  }
  const tenant = tenantId(options.tenant);
  const app = await openApp(context, options.store);
  const account = await core.accounts.getAccount(app, tenant, id);
  return { app, account, of: { tenantId: tenant, accountId: id } };
}

/** The state as an item, on top of what the item came with. */
export function stateItem(
  context: IExecuteFunctions,
  itemIndex: number,
  state: LimitState,
  { keepInput = true }: CommonOptions,
): IDataObject {
  const input = keepInput ? context.getInputData()[itemIndex]?.json : undefined;
  return { ...input, ...state, windows: { ...state.windows } };
}
