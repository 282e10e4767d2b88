import { unknownObject } from '../graph/errors.ts';
import { refused } from './errors.ts';
import type { GraphCall } from '../graph/call.ts';
import type { WhatsAppBusiness, WhatsAppNumber } from './model.ts';
import type { WhatsAppScope } from './scopes.ts';

/** Refuses a token without a permission. */
export function requireScope(call: GraphCall, scope: WhatsAppScope): void {
  if (!call.scopes.includes(scope)) {
    throw refused(10, `The access token lacks the permission ${scope}.`);
  }
}

/** True when the token was given the business account. */
export function holds(call: GraphCall, businessId: string): boolean {
  return call.token?.whatsAppBusinessIds?.includes(businessId) === true;
}

/** The number of a path, if the token may use it. @throws GraphError 100/33 like any foreign id */
export function numberOf(call: GraphCall, id: string): WhatsAppNumber | undefined {
  const number = call.context.store.state.whatsApp.numbers[id];
  if (number === undefined) return undefined;
  if (!holds(call, number.businessId)) throw unknownObject(call.method, id);
  return number;
}

/** The business account of a path, if the token may use it. */
export function businessOf(call: GraphCall, id: string): WhatsAppBusiness | undefined {
  const business = call.context.store.state.whatsApp.businesses[id];
  if (business === undefined) return undefined;
  if (!holds(call, id)) throw unknownObject(call.method, id);
  return business;
}

/** `messaging_product` goes with every call that changes something of a number. */
export function requireProduct(params: Record<string, unknown>): void {
  if (params.messaging_product !== 'whatsapp') {
    throw refused(100, 'The parameter messaging_product is required and must be "whatsapp".');
  }
}
