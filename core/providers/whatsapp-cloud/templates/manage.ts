import type { HttpClient } from '../../../http/client';
import { InvalidInputError } from '../../../model';
import { asId, asList, asText } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import type { ProviderConnection } from '../../provider';
import { accessOf, createCloudClient } from '../client';
import { nextPage, pageQuery } from '../paging';
import type { Page, PageRequest } from '../paging';
import { businessIdOf } from '../subscribe';
import { readTemplate } from './definition';
import type { MessageTemplate } from './definition';

const FIELDS = 'id,name,status,category,language,components,quality_score,rejected_reason';

export interface TemplateFilter {
  name?: string | undefined;
  /** `APPROVED`, `PENDING`, `REJECTED`, … */
  status?: string | undefined;
  language?: string | undefined;
  category?: string | undefined;
}

export async function listTemplates(
  http: HttpClient,
  connection: ProviderConnection,
  filter: TemplateFilter,
  page: PageRequest,
): Promise<Page<MessageTemplate>> {
  const { name, status, language, category } = filter;
  const wanted = Object.entries({ name, status, language, category }).flatMap(([key, value]) =>
    value ? [[key, value] as const] : [],
  );
  const answer = await createCloudClient({ http }).call(accessOf(connection), {
    method: 'GET',
    path: [businessIdOf(connection), 'message_templates'],
    query: { fields: FIELDS, ...Object.fromEntries(wanted), ...pageQuery(page) },
    subject: `the templates of "${connection.account.name}"`,
  });
  return {
    items: asList(answer.data).flatMap((item) => readTemplate(item) ?? []),
    nextCursor: nextPage(answer),
  };
}

export interface NewTemplate {
  /** Small letters, digits and `_`, up to 512. */
  name: string;
  /** `pt_BR` */
  language: string;
  category: 'UTILITY' | 'MARKETING' | 'AUTHENTICATION';
  parameterFormat?: 'POSITIONAL' | 'NAMED' | undefined;
  /** In the form of Meta's documentation. */
  components: readonly JsonObject[];
}

export interface CreatedTemplate {
  id: string;
  /** `PENDING`, `APPROVED`, `REJECTED` */
  status: string;
  /** May be another than was asked for. */
  category: string | null;
}

export async function createTemplate(
  http: HttpClient,
  connection: ProviderConnection,
  template: NewTemplate,
): Promise<CreatedTemplate> {
  if (!/^[a-z0-9_]{1,512}$/.test(template.name)) {
    throw new InvalidInputError('Name', `"${template.name}" cannot be the name of a template.`, {
      hint: 'Use small letters without accents, digits and underscores, such as lembrete_consulta.',
    });
  }
  const answer = await createCloudClient({ http }).call(accessOf(connection), {
    method: 'POST',
    path: [businessIdOf(connection), 'message_templates'],
    body: {
      name: template.name,
      language: template.language,
      category: template.category,
      ...(template.parameterFormat ? { parameter_format: template.parameterFormat } : {}),
      components: template.components,
    },
    subject: `the template "${template.name}"`,
  });
  return {
    id: asId(answer.id) ?? '',
    status: asText(answer.status) ?? 'PENDING',
    category: asText(answer.category),
  };
}

/** Deletes one language of a template by its id, or all languages of its name. An approved name is blocked for 30 days. */
export async function deleteTemplate(
  http: HttpClient,
  connection: ProviderConnection,
  { name, id }: { name: string; id?: string | undefined },
): Promise<void> {
  await createCloudClient({ http }).call(accessOf(connection), {
    method: 'DELETE',
    path: [businessIdOf(connection), 'message_templates'],
    query: { name, ...(id ? { hsm_id: id } : {}) },
    subject: `the template "${name}"`,
  });
}
