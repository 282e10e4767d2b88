import type { AccountHealth, TemplateNotice } from '../../model';
import { mergeAccountHealth } from '../../store/statements/accountHealth';
import { changePhoneKey } from '../../contacts/claimPhone';
import { indexContacts } from '../../store/statements/contactParts';
import { setContactPhone } from '../../store/statements/contacts';
import type { EventOf, Scope } from './scope';

/** How the provider thinks of the account: kept on it, and told. */
export async function recordQuality(scope: Scope, event: EventOf<'quality'>): Promise<void> {
  if (event.health) await keepHealth(scope, event.health);
  await scope.append('connection.qualityChanged', {
    data: {
      what: event.what,
      previous: event.previous,
      current: event.current,
      detail: event.detail,
    },
  });
}

export async function recordTemplateStatus(
  scope: Scope,
  event: EventOf<'templateStatus'>,
): Promise<void> {
  const { templateName, language, status, reason, category = null } = event;
  await noteTemplate(scope, {
    name: templateName,
    language,
    status,
    ...(reason === null ? {} : { reason }),
    ...(category === null ? {} : { category }),
    at: new Date(event.occurredAt).toISOString(),
  });
  await scope.append('template.statusChanged', {
    data: { templateName, language, status, reason, category },
  });
}

/** Told a day before, and again when it has changed: a dearer category changes what a message costs. */
export async function recordTemplateCategory(
  scope: Scope,
  event: EventOf<'templateCategory'>,
): Promise<void> {
  const { templateName, language, previousCategory, category, effectiveAt } = event;
  await noteTemplate(scope, {
    name: templateName,
    language,
    status: null,
    category,
    at: new Date(event.occurredAt).toISOString(),
  });
  await scope.append('template.categoryChanged', {
    data: {
      templateName,
      language,
      previousCategory,
      category,
      effectiveAt: effectiveAt === null ? null : new Date(effectiveAt).toISOString(),
    },
  });
}

/** On every account that sends the template: one of them stands for all in the event. */
async function noteTemplate(scope: Scope, notice: TemplateNotice): Promise<void> {
  await keepHealth(scope, { templates: [notice] });
}

async function keepHealth(scope: Scope, health: AccountHealth): Promise<void> {
  for (const id of scope.siblings) await mergeAccountHealth(scope.tx, id, health);
}

/** The person goes by another id: their contact has learned it already, and a new number takes the place of the old. */
export async function recordIdentity(scope: Scope, event: EventOf<'identity'>): Promise<void> {
  const { person, tx } = scope;
  if (!person) return;
  const phone = event.contact.phone ?? null;
  if (event.what === 'phone' && phone !== null && phone !== person.contact.phone) {
    await setContactPhone(tx, person.contact.id, phone);
    await changePhoneKey(tx, person.contact, phone);
    person.contact.phone = phone;
    await indexContacts(tx, [person.contact]);
  }
  await scope.append('contact.updated', {
    data: { changed: [event.what], externalId: event.contact.externalId },
  });
}
