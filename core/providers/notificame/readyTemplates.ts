import type { HttpClient } from '../../http/client';
import { InvalidInputError } from '../../model';
import type { ProviderConnection } from '../provider';
import { readTemplate, type MessageTemplate } from '../whatsapp-cloud/templates/definition';
import {
  createReadyTemplates,
  type ReadyOutcome,
  type ReadyRequest,
} from '../whatsapp-cloud/templates/ready';
import { createHubTemplate, listHubTemplates, type HubTemplate } from './templates';

export interface ReadyAtHub extends ReadyRequest {
  /** Of an example document that was uploaded to Meta before. */
  documentHandle?: string | undefined;
}

/**
 * The ready-made templates for a WhatsApp channel of the hub, which hands them on to Meta in Meta's own form.
 * @throws SendError; InvalidInputError for a channel that has no templates
 */
export async function createReadyAtHub(
  http: HttpClient,
  connection: ProviderConnection,
  request: ReadyAtHub,
): Promise<ReadyOutcome[]> {
  const { account } = connection;
  if (account.channel !== 'whatsapp') {
    throw new InvalidInputError('Account', `"${account.name}" is no WhatsApp channel.`, {
      hint: 'Templates are a matter of WhatsApp alone: choose its channel.',
    });
  }
  return await createReadyTemplates(
    {
      list: async () => (await listHubTemplates(http, connection)).flatMap(toTemplate),
      async create(template) {
        const { name, language, category, components } = template;
        const draft = { name, language, category, components: [...components] };
        const created = await createHubTemplate(http, connection, draft);
        return {
          id: created.id ?? '',
          status: created.status ?? 'PENDING',
          category: created.category,
        };
      },
      exampleDocument: async () => given(request.documentHandle),
    },
    request,
  );
}

/** What the hub tells is Meta's own form; a status in small letters is one, too. */
function toTemplate({ raw, id, name, language, status }: HubTemplate): MessageTemplate[] {
  const template = readTemplate({ ...raw, id: id ?? name, name, language, status });
  return template ? [template] : [];
}

/** How the hub takes an example of a file is not documented. */
async function given(handle = ''): Promise<string> {
  if (handle.trim() !== '') return handle.trim();
  throw new InvalidInputError(
    'Document Example Handle',
    'Meta wants to see an example of the document, and NotificaMe documents no way to hand one over.',
    {
      hint: "Create this one in NotificaMe's panel, or add the option Document Example Handle.",
    },
  );
}
