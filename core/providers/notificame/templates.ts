import type { HttpClient } from '../../http/client';
import type { TemplateMessage } from '../../model';
import { asId, asText, asWords } from '../graph/json';
import type { JsonObject } from '../graph/json';
import type { ProviderConnection } from '../provider';
import { readTemplate } from '../whatsapp-cloud/templates/definition';
import { filledFrom, type TemplateChoice } from '../whatsapp-cloud/templates/fill';
import { accessOf } from './access';
import { createHubClient, objectsOf } from './client';

/** A message template of a WhatsApp channel, as the hub tells it. */
export interface HubTemplate {
  id: string | null;
  name: string | null;
  /** `pt_BR` */
  language: string | null;
  status: string | null;
  category: string | null;
  raw: JsonObject;
}

export interface NewHubTemplate {
  name: string;
  language: string;
  category: string;
  /** Meta's components: header, body, footer, buttons. */
  components: unknown[];
}

/** The templates of one channel: `GET /v1/templates/{channel}`, as the community node reads them. @throws SendError */
export async function listHubTemplates(
  http: HttpClient,
  connection: ProviderConnection,
): Promise<HubTemplate[]> {
  const value = await createHubClient(http).call(accessOf(connection), {
    method: 'GET',
    path: pathOf(connection),
    subject: `the templates of "${connection.account.name}"`,
  });
  return objectsOf(value).map(toTemplate);
}

/**
 * The message that fills a template of the channel: what is missing is named before the call where the hub tells what the
 * template says, and the send tells the rest.
 * @returns null where the channel has no such template
 * @throws InvalidContentError naming the variables that are missing; SendError
 */
export async function fillHubTemplate(
  http: HttpClient,
  connection: ProviderConnection,
  choice: TemplateChoice,
): Promise<TemplateMessage | null> {
  const templates = await listHubTemplates(http, connection);
  const found = templates.find(
    ({ name, language }) => name === choice.name && language === choice.language,
  );
  if (!found) return null;
  const { components } = found.raw;
  const known = Array.isArray(components)
    ? readTemplate({ id: found.id ?? found.name, ...found.raw })
    : null;
  return filledFrom(known ?? undefined, choice);
}

/** Hands a template in for approval. @throws SendError */
export async function createHubTemplate(
  http: HttpClient,
  connection: ProviderConnection,
  template: NewHubTemplate,
): Promise<HubTemplate> {
  const value = await createHubClient(http).call(accessOf(connection), {
    method: 'POST',
    path: pathOf(connection),
    body: { ...template },
    subject: `the template "${template.name}"`,
  });
  const [created] = objectsOf(value);
  return toTemplate({ name: template.name, language: template.language, ...created });
}

function pathOf({ account }: ProviderConnection): string {
  return `/v1/templates/${encodeURIComponent(account.externalId)}`;
}

function toTemplate(raw: JsonObject): HubTemplate {
  return {
    id: asId(raw.id),
    name: asText(raw.name),
    language: asText(raw.language) ?? asText(raw.locale),
    status: asWords(raw.status)?.toUpperCase() ?? null,
    category: asText(raw.category),
    raw,
  };
}
