import { upsertContact, type ContactInput } from '../../../../core/contacts';
import type { StoreContext } from '../../../support/storeContext';
import { createWorld, type World } from '../../messaging/support/world';

export const PHONE = '+55 11 98888-7777';

/** A tenant with an account whose customers have numbers for ids, and the verbs of the tests. */
export async function createPeople(context: StoreContext) {
  const world = await createWorld(context, { channel: 'messenger' });
  const { tenantId, ctx } = world;
  const upsert = (input: Omit<ContactInput, 'tenantId'>) =>
    upsertContact(ctx, { tenantId, ...input }, 'workflow:test');
  /** Somebody writes, named as the webhooks of WhatsApp do. */
  const writes = (digits: string, more: { name?: string; text?: string } = {}, of: World = world) =>
    of.receive(
      of.event('message', {
        text: more.text ?? 'Oi',
        contact: {
          externalId: digits,
          phone: `+${digits}`,
          ...(more.name === undefined ? {} : { name: more.name }),
        },
      }),
    );
  const living = async () =>
    (await world.rows('contacts')).filter(
      ({ merged_into: into, erased_at: erased }) => into === null && erased === null,
    );
  return { world, tenantId, ctx, upsert, writes, living };
}
