import { isRecord } from '../shared/door/claimedAccounts';
import type { GraphDoor } from '../shared/door/graphDoor';
import { doorCredential } from '../shared/door/recentCredential';
import { connectAccounts, ensureAccounts } from '../shared/credentialAccounts';
import { core } from '../shared/loadCore';
import { readSubscription } from './triggerProperties';
import { chosenCredential, type ChosenCredential } from './whatsAppCredential';

/** While WhatsApp cannot be asked, few calls try it. */
const PAUSE_AFTER_FAILURE_MS = 30_000;

/** The door of WhatsApp numbers. */
export const whatsAppDoor: GraphDoor<ChosenCredential> = {
  provider: 'whatsapp_cloud',
  productName: 'WhatsApp',
  readSubscription,
  credential: doorCredential(chosenCredential),
  keysOf: ({ credential: { verifyToken, appSecret } }) => ({
    verifyToken,
    appSecrets: appSecret === undefined ? [] : [appSecret],
  }),
  async connect(app, { tenant }, chosen) {
    const accounts = await connectAccounts(app, tenant, chosen, { subscribes: false });
    await core.accounts.subscribeAtDoor(app, 'whatsapp_cloud', accounts);
  },
  follow: (app, tenant, chosen) =>
    ensureAccounts(app, tenant, chosen, { pauseMs: PAUSE_AFTER_FAILURE_MS }),
  parse: (body) => core.whatsApp.parseWhatsAppWebhook(body),
  claimsOf: ({ changes }) => (Array.isArray(changes) ? (changes as unknown[]).map(numberOf) : []),
};

function numberOf(change: unknown): unknown {
  const value = isRecord(change) ? change.value : undefined;
  const metadata = isRecord(value) ? value.metadata : undefined;
  return isRecord(metadata) ? metadata.phone_number_id : undefined;
}
