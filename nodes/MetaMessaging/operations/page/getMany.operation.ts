import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Account } from '../../../../core/model/account';
import { core } from '../../../shared/loadCore';
import { accountRun, type MetaRun } from '../../accountRuns';
import { connectAccounts } from '../../../shared/credentialAccounts';
import { credentialOperation } from '../../../shared/accountOperation';
import { placeOptions } from '../../../shared/commonOptions';

export const properties = [placeOptions] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  return await getMany(run, read('options'));
});

/** Asked of Meta at this moment; what it says is stored as well, as when a list of accounts is opened. */
async function getMany(
  run: MetaRun,
  place: Parameters<MetaRun['open']>[0],
): Promise<IDataObject[]> {
  const { app, tenant, chosen } = await run.open(place);
  const found = await connectAccounts(app, tenant, chosen);
  const known = await core.accounts.listAccounts(app, tenant, { provider: 'meta' });
  const accounts = known.filter(({ id }) => found.some((account) => account.id === id));
  const linked = (page: Account) =>
    accounts.find(({ parentExternalId }) => parentExternalId === page.externalId);
  const pages = accounts.filter(({ channel }) => channel === 'messenger');
  const alone = accounts.filter(
    ({ channel, parentExternalId }) => channel === 'instagram' && parentExternalId === null,
  );
  return [
    ...pages.map((page) => toItem(page, linked(page))),
    ...alone.map((account) => toItem(undefined, account)),
  ];
}

/** `connection` leads on: the Page itself, or the Instagram account where there is no Page. */
function toItem(page: Account | undefined, instagram: Account | undefined): IDataObject {
  const main = page ?? instagram;
  return {
    channel: main?.channel ?? null,
    provider: 'meta',
    connection: shown(main),
    page: page ? { id: page.externalId, name: page.name } : null,
    instagram: instagram ? { id: instagram.externalId, name: instagram.name } : null,
    instagramConnection: shown(instagram),
  };
}

function shown(account: Account | undefined): IDataObject | null {
  if (!account) return null;
  const { id, name, externalId, status, statusReason } = account;
  return { id, name, externalId, status, statusReason };
}
