import { InvalidInputError, NotFoundError } from '../../model';
import type { MessageTemplateRow } from '../../store/statements/messageTemplates';
import { settingsOf } from '../../tenants';
import type { MessagingContext } from '../context';
import { checkTemplate, type MessageTemplateInput } from './check';
import { render } from './render';
import {
  changeTemplate,
  readLanguage,
  readTemplate,
  readTemplates,
  removeTemplate,
  storeTemplate,
} from './templates.unit';
import type { MessageTemplateItem, RenderedTemplate, TemplateBody } from './types';
import { variablesIn } from './variables';

type TemplatesContext = Pick<MessagingContext, 'store'>;

/** @throws InvalidInputError naming the field, also where the name is taken */
export async function createMessageTemplate(
  ctx: TemplatesContext,
  { tenantId, ...input }: MessageTemplateInput & { tenantId: string },
): Promise<MessageTemplateItem> {
  const { name, body } = checkTemplate(input);
  const stored = { name, body: JSON.stringify(body) };
  const row = await ctx.store.forTenant(tenantId).run(storeTemplate, stored);
  if (!row) throw nameTaken(name);
  return toItem(row);
}

/** Changes the parts that are given. @throws NotFoundError, InvalidInputError */
export async function updateMessageTemplate(
  ctx: TemplatesContext,
  {
    tenantId,
    idOrName,
    ...change
  }: Partial<MessageTemplateInput> & { tenantId: string; idOrName: string },
): Promise<MessageTemplateItem> {
  const present = await getMessageTemplate(ctx, tenantId, idOrName);
  const given = Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  );
  const { name, body } = checkTemplate({ ...present, ...given });
  const row = await ctx.store
    .forTenant(tenantId)
    .run(changeTemplate, { id: present.id, name, body: JSON.stringify(body) });
  if (row === 'taken') throw nameTaken(name);
  if (!row) throw noSuchTemplate(idOrName);
  return toItem(row);
}

/** @throws NotFoundError */
export async function getMessageTemplate(
  ctx: TemplatesContext,
  tenantId: string,
  idOrName: string,
): Promise<MessageTemplateItem> {
  const row = await ctx.store.forTenant(tenantId).run(readTemplate, { idOrName });
  if (row) return toItem(row);
  throw noSuchTemplate(idOrName);
}

/** What was scheduled with it goes as it was then. @throws NotFoundError */
export async function deleteMessageTemplate(
  ctx: TemplatesContext,
  tenantId: string,
  idOrName: string,
): Promise<MessageTemplateItem> {
  const row = await ctx.store.forTenant(tenantId).run(removeTemplate, { idOrName });
  if (row) return toItem(row);
  throw noSuchTemplate(idOrName);
}

/** By name, page by page. */
export async function listMessageTemplates(
  ctx: TemplatesContext,
  { tenantId, limit, cursor }: { tenantId: string; limit: number; cursor: string | null },
): Promise<{ items: MessageTemplateItem[]; nextCursor: string | null }> {
  const rows = await ctx.store
    .forTenant(tenantId)
    .run(readTemplates, { after: cursor, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toItem),
    nextCursor: rows.length > limit && last ? last.name : null,
  };
}

export interface RenderInput {
  tenantId: string;
  idOrName: string;
  values: Record<string, string>;
  /** Absent: that of the contact, else that of the tenant, else the first of the template. */
  language?: string | undefined;
  /** Whose language it is, where none is named. */
  contactId?: string | undefined;
  conversationId?: string | undefined;
}

/** The texts with their variables filled; those without a value are named in `missing`. @throws NotFoundError */
export async function renderMessageTemplate(
  ctx: TemplatesContext,
  { tenantId, idOrName, values, language, contactId, conversationId }: RenderInput,
): Promise<RenderedTemplate> {
  const template = await getMessageTemplate(ctx, tenantId, idOrName);
  const ofContact =
    language || (!contactId && !conversationId)
      ? null
      : await ctx.store.forTenant(tenantId).run(readLanguage, { contactId, conversationId });
  const { language: ofTenant } = await settingsOf(ctx, tenantId);
  return render(template, values, [language, ofContact, ofTenant]);
}

function toItem(row: MessageTemplateRow): MessageTemplateItem {
  const body = JSON.parse(row.body) as TemplateBody;
  const texts = [
    ...body.texts.map(({ text }) => text),
    ...Object.values(body.whatsApp?.values ?? {}),
  ];
  return {
    id: row.id,
    name: row.name,
    ...body,
    languages: [...new Set(body.texts.map(({ language }) => language))],
    variables: [...new Set(texts.flatMap(variablesIn))],
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}

function nameTaken(name: string): InvalidInputError {
  return new InvalidInputError('Name', `There is a message template "${name}" already.`, {
    hint: 'Choose another name, or change that one.',
  });
}

function noSuchTemplate(idOrName: string): NotFoundError {
  return new NotFoundError('The message template', idOrName, {
    hint: 'Choose one from the list, or take its id or name from "Message Template: Get Many".',
  });
}
