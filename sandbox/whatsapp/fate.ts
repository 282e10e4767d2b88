import { isWindowOpen } from './people.ts';
import { whatsAppOf } from './payloads.ts';
import type { Content } from './content.ts';
import type { GraphCall } from '../graph/call.ts';
import type { Persona } from '../model.ts';

/** What keeps an accepted message from its person. Sources: sections D.9, D.10. */
export function failureOf(
  call: GraphCall,
  persona: Persona,
  { category }: Content,
): { code: number; details: string } | undefined {
  const { isOnWhatsApp, stoppedMarketing, atMarketingCap } = whatsAppOf(persona);
  const { store } = call.context;
  if (!isOnWhatsApp) return { code: 131026, details: 'Message Undeliverable.' };
  if (category === undefined && !isWindowOpen(store.state, persona, store.now())) {
    return {
      code: 131047,
      details:
        'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
    };
  }
  if (category !== 'MARKETING') return undefined;
  if (stoppedMarketing) return { code: 131050, details: 'The person stopped marketing messages.' };
  if (!atMarketingCap) return undefined;
  return {
    code: 131049,
    details: 'The message was not delivered to maintain healthy ecosystem engagement.',
  };
}

/** Free in the window, after an advertisement for 72 hours; else billed by category. Source: section D.9. */
export function priceOf(
  call: GraphCall,
  persona: Persona,
  { category }: Content,
): Record<string, unknown> {
  const { store } = call.context;
  const person = whatsAppOf(persona);
  if ((person.freeEntryOfferUntil ?? 0) > store.now()) {
    person.freeEntryUntil = store.now() + 72 * 3_600_000;
    delete person.freeEntryOfferUntil;
  }
  const isOpen = isWindowOpen(store.state, persona, store.now());
  const price = (billable: boolean, type: string, of: string): Record<string, unknown> => ({
    billable,
    pricing_model: 'PMP',
    type,
    category: of,
  });
  if ((person.freeEntryUntil ?? 0) > store.now()) {
    return price(false, 'free_entry_point', 'referral_conversion');
  }
  if (category === undefined) return price(false, 'free_customer_service', 'service');
  if (category === 'UTILITY' && isOpen) return price(false, 'free_customer_service', 'utility');
  return price(true, 'regular', category.toLowerCase());
}
