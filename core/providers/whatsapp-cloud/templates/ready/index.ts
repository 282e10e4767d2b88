import type { HttpClient } from '../../../../http/client';
import type { ProviderConnection } from '../../../provider';
import { forgetTemplates, templatesOf } from '../book';
import { checkedAppId, uploadExample } from '../exampleFile';
import { createTemplate } from '../manage';
import { createReadyTemplates } from './create';
import { examplePdf } from './examplePdf';
import type { ReadyOutcome, ReadyRequest } from './types';

export {
  READY_LANGUAGES,
  READY_NAMES,
  READY_TEMPLATES,
  type ReadyLanguage,
  type ReadyName,
  type ReadyTemplate,
  type ReadyWording,
} from './definitions';
export { createReadyTemplates } from './create';
export { readyDraft } from './draft';
export type { ReadyOutcome, ReadyRequest, TemplateShelf } from './types';

export interface ReadyAtMeta extends ReadyRequest {
  /** Of an example document that was uploaded before. */
  documentHandle?: string | undefined;
  /** The app that an example document is uploaded to; else the one that is subscribed. */
  appId?: string | undefined;
}

/** {@link createReadyTemplates} for the business account of a number at Meta. */
export async function createReadyAtMeta(
  http: HttpClient,
  connection: ProviderConnection,
  request: ReadyAtMeta,
): Promise<ReadyOutcome[]> {
  const appId = checkedAppId(request.appId);
  const given = request.documentHandle?.trim() ?? '';
  const file = { name: 'documento.pdf', mimeType: 'application/pdf' };
  try {
    return await createReadyTemplates(
      {
        list: () => templatesOf(http, connection, 0),
        create: (template) => createTemplate(http, connection, template),
        exampleDocument: async () =>
          given || (await uploadExample(http, connection, { ...file, bytes: examplePdf() }, appId)),
      },
      request,
    );
  } finally {
    forgetTemplates(http);
  }
}
