import type { INodeProperties } from 'n8n-workflow';
import { credentialOperation } from '../../../shared/accountOperation';
import { accountLocator } from '../../../shared/accounts';
import { storeOption, tenantOption } from '../../../shared/commonOptions';
import { core } from '../../../shared/loadCore';
import { accountOf } from '../../../shared/accountRuns';
import { mustHave } from '../../../shared/mustHave';
import { accountRun } from '../../accountRuns';
import { personProperty } from '../../fields';

export const properties = [
  accountLocator,
  {
    ...personProperty,
    displayName: 'Person',
    hint: 'Meta tells who somebody is only after they have written to this account.',
  },
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      {
        displayName: 'Locale, Time Zone and Gender',
        name: 'more',
        type: 'boolean',
        default: false,
        description:
          'Whether to ask for these too. Messenger only, and each needs an approval of the app of its own; without them Meta refuses the whole call.',
      },
      storeOption,
      tenantOption,
    ],
  },
] as const satisfies INodeProperties[];

export const operation = credentialOperation(accountRun, properties, async ({ read, run }) => {
  const { more = false, ...place } = read('options');
  const externalId = mustHave('Person', read('recipient'), 'Use contact.externalId of an item.');
  return await run.withAccount(place, read('account'), async (connection, app) => {
    const profile = await core.meta.readPersonProfile(app.http, connection, externalId, {
      more,
    });
    const { name, username } = profile;
    return {
      ...accountOf(connection),
      contact: { externalId, name, username },
      profile: { ...profile },
    };
  });
});
