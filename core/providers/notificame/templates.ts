import type { HttpClient } from '../../http/client';
import { asId, asText, asWords } from '../graph/json';
import type { JsonObject } from '../graph/json';
import type { ProviderConnection } from '../provider';
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
