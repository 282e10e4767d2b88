import * as messaging from '../../../../core/messaging';
import { changeContacts } from '../../journeys/support/scheduledUnits.cjs';
import type { World } from '../../messaging/support/world';

const TEXTS = [{ language: 'en', channel: null, text: 'stolen' }];

/** A template of the victim's, and the language of its contacts. */
export async function keepTemplate(
  { ctx, tenant, tenantId }: World,
  secret: string,
): Promise<void> {
  await tenant.run(changeContacts, { language: 'en' });
  const texts = [{ language: 'en', channel: null, text: secret }];
  await messaging.createMessageTemplate(ctx, { tenantId, name: 'Reminder', texts });
}

async function idOf(theirs: World): Promise<string> {
  const [row] = await theirs.rows('message_templates');
  if (!row) throw new Error('Nothing to steal.');
  return row.id;
}

/** The calls of core/messaging/messageTemplates, made of ids of the victim. */
export async function templateCallsWithIdsOf(theirs: World): Promise<Record<string, unknown>> {
  const id = await idOf(theirs);
  const body = JSON.stringify({ category: null, texts: TEXTS, whatsApp: null });
  return {
    storeTemplate: { name: 'Stolen', body },
    readTemplate: { idOrName: id },
    changeTemplate: { id, name: 'Stolen', body },
    removeTemplate: { idOrName: id },
    readTemplates: { after: null, limit: 100 },
  };
}

/** Functions of the room, called by a thief with ids of the victim. */
export async function templateOperationsWithIdsOf(
  theirs: World,
  tenantId: string,
): Promise<Record<string, () => unknown>> {
  const { ctx } = theirs;
  const idOrName = await idOf(theirs);
  return {
    createMessageTemplate: () =>
      messaging.createMessageTemplate(ctx, { tenantId, name: 'Reminder', texts: TEXTS }),
    deleteMessageTemplate: () => messaging.deleteMessageTemplate(ctx, tenantId, idOrName),
    getMessageTemplate: () => messaging.getMessageTemplate(ctx, tenantId, idOrName),
    listMessageTemplates: () =>
      messaging.listMessageTemplates(ctx, { tenantId, limit: 100, cursor: null }),
    renderMessageTemplate: () =>
      messaging.renderMessageTemplate(ctx, { tenantId, idOrName, values: {} }),
    updateMessageTemplate: () =>
      messaging.updateMessageTemplate(ctx, { tenantId, idOrName, name: 'Stolen' }),
  };
}
