import { InvalidInputError, NotFoundError } from '../../model';
import type { MessageTemplateRow } from '../../store/statements/messageTemplates';
import { readAccounts } from '../../accounts/accounts.unit';
import { settingsOf } from '../../tenants';
import type { MessagingContext } from '../context';
import { checkTemplate, type MessageTemplateInput } from './check';
import { render } from './render';
import { shapeFor } from './shape';
import {
  changeTemplate,
  readLanguage,
  readTemplate,
  readTemplates,
  removeTemplate,
  storeTemplate,
} from './templates.unit';
import type {
  MessageTemplateItem,
  RenderedTemplate,
  ShapedTemplate,
  TemplateBody,
  TemplateText,
} from './types';
import { requiredIn, variablesIn } from './variables';

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

/**
 * The texts with their variables filled, and what they are on each channel that is connected; variables without a value
 * are named in `missing`.
 * @throws NotFoundError
 */
export async function renderMessageTemplate(
  ctx: TemplatesContext & Pick<MessagingContext, 'providers'>,
  { tenantId, idOrName, values, language, contactId, conversationId }: RenderInput,
): Promise<ShapedTemplate> {
  const template = await getMessageTemplate(ctx, tenantId, idOrName);
  const ofContact =
    language || (!contactId && !conversationId)
      ? null
      : await ctx.store.forTenant(tenantId).run(readLanguage, { contactId, conversationId });
  const { language: ofTenant } = await settingsOf(ctx, tenantId);
  const rendered = render(template, values, [language, ofContact, ofTenant]);
  const content = shapeFor(rendered.filled, undefined);
  return { ...rendered, content, contents: await contentsOf(ctx, tenantId, rendered) };
}

const CONNECTED = ['active', 'expiring'];

/** By channel, of those through which the tenant can write. */
async function contentsOf(
  ctx: TemplatesContext & Pick<MessagingContext, 'providers'>,
  tenantId: string,
  { filled, filledPerChannel }: RenderedTemplate,
): Promise<ShapedTemplate['contents']> {
  const contents: ShapedTemplate['contents'] = {};
  for (const { provider, channel, status } of await ctx.store
    .forTenant(tenantId)
    .run(readAccounts, {})) {
    const can = ctx.providers.get(provider)?.abilities(channel);
    if (!can || !CONNECTED.includes(status)) continue;
    const shaped = shapeFor(filledPerChannel[channel] ?? filled, can);
    const present = contents[channel];
    // Through two providers it is the plainer one: which account sends is known when it goes.
    if (!present || (shaped.type === 'text' && present.type !== 'text')) contents[channel] = shaped;
  }
  return contents;
}

function toItem(row: MessageTemplateRow): MessageTemplateItem {
  const body = JSON.parse(row.body) as TemplateBody;
  const texts = [...body.texts.flatMap(textsOf), ...Object.values(body.whatsApp?.values ?? {})];
  return {
    id: row.id,
    name: row.name,
    ...body,
    languages: [...new Set(body.texts.map(({ language }) => language))],
    variables: [...new Set(texts.flatMap(variablesIn))],
    required: [...new Set(texts.flatMap(requiredIn))],
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}

/** Everything of it that may have variables. */
function textsOf({ text, buttons = [], media }: TemplateText): string[] {
  return [
    text,
    ...buttons.flatMap(({ title, payload }) => [title, payload]),
    ...(media ? [media.url, media.fileName ?? ''] : []),
  ];
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
