import { ControlError } from '../http.ts';
import { shakeHands } from '../webhooks/subscribe.ts';
import { onlyKeys, requiredText } from '../graph/validation.ts';
import { requireScope } from './access.ts';
import { refused } from './errors.ts';
import type { GraphCall } from '../graph/call.ts';
import type { CallbackOverride, WhatsAppBusiness } from './model.ts';

const LONGEST_URL = 200;

/**
 * `POST|GET|DELETE /{business}/subscribed_apps`: with an override the address is called at once, without
 * one an override that was there ends. Source: section D.8.
 */
export async function subscribedApps(
  call: GraphCall,
  business: WhatsAppBusiness,
): Promise<Record<string, unknown>> {
  requireScope(call, 'whatsapp_business_management');
  const { store } = call.context;
  if (call.method === 'GET') {
    onlyKeys(call.params, [], '');
    return { data: business.subscribedApps.map((item) => describe(call, item)) };
  }
  if (call.method === 'DELETE') {
    onlyKeys(call.params, [], '');
    business.subscribedApps = othersThan(call, business);
  } else {
    onlyKeys(call.params, ['override_callback_uri', 'verify_token'], '');
    const override =
      Object.keys(call.params).length === 0 ? undefined : await overrideOf(call, call.params, '');
    const own = { appId: call.app.id, ...(override === undefined ? {} : { override }) };
    business.subscribedApps = [...othersThan(call, business), own];
  }
  store.changed();
  return { success: true };
}

function othersThan(
  call: GraphCall,
  business: WhatsAppBusiness,
): WhatsAppBusiness['subscribedApps'] {
  return business.subscribedApps.filter((item) => item.appId !== call.app.id);
}

function describe(
  call: GraphCall,
  { appId, override }: WhatsAppBusiness['subscribedApps'][number],
): Record<string, unknown> {
  return {
    whatsapp_business_api_data: {
      id: appId,
      link: `https://www.facebook.com/games/?app_id=${appId}`,
      name: call.context.store.state.apps[appId]?.name,
    },
    ...(override === undefined ? {} : { override_callback_uri: override.callbackUrl }),
  };
}

/** An address of its own with its handshake; an empty one means none. */
export async function overrideOf(
  call: GraphCall,
  given: Record<string, unknown>,
  path: string,
): Promise<CallbackOverride | undefined> {
  onlyKeys(given, ['override_callback_uri', 'verify_token'], path);
  if (given.override_callback_uri === '') return undefined;
  const callbackUrl = requiredText(given, 'override_callback_uri', path);
  const verifyToken = requiredText(given, 'verify_token', path);
  if (callbackUrl.length > LONGEST_URL) {
    throw refused(
      100,
      `override_callback_uri has ${callbackUrl.length} characters; 200 are allowed.`,
    );
  }
  try {
    await shakeHands(call.context, callbackUrl, verifyToken);
  } catch (error) {
    if (error instanceof ControlError) throw refused(100, error.message);
    throw error;
  }
  return { callbackUrl, verifyToken };
}
