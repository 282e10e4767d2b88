import { connectAccounts, ensureAccounts } from '../shared/credentialAccounts';
import type { GraphDoor } from '../shared/door/graphDoor';
import { doorCredential } from '../shared/door/recentCredential';
import { core } from '../shared/loadCore';
import { chosenCredential, type ChosenCredential } from './metaCredential';

/** While Meta cannot be asked, few calls try it. */
const PAUSE_AFTER_FAILURE_MS = 30_000;

/** The door of Pages and Instagram accounts. */
export const metaDoor: GraphDoor<ChosenCredential> = {
  provider: 'meta',
  productName: 'Meta',
  credential: doorCredential(chosenCredential),
  // Both secrets are tried: sources disagree which one signs for apps with Instagram Login.
  keysOf: ({ credential: { verifyToken, appSecret, instagramAppSecret } }) => ({
    verifyToken,
    appSecrets: [appSecret, instagramAppSecret].filter((secret) => secret !== undefined),
  }),
  connect: async (app, { tenant }, chosen) => void (await connectAccounts(app, tenant, chosen)),
  follow: (app, tenant, chosen) =>
    ensureAccounts(app, tenant, chosen, { pauseMs: PAUSE_AFTER_FAILURE_MS }),
  parse: (body) => core.meta.parseMetaWebhook(body),
  claimsOf: ({ id }) => [id],
};
