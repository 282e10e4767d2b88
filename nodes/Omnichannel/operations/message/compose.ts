import type { DeliverInput, PerChannel } from '../../../../core/messaging';
import type { Channel } from '../../../../core/model/channels';
import type { OutboundContent } from '../../../../core/model/content';
import { describeError } from '../../../../core/model/errors';
import type { SendCategory } from '../../../../core/model/sendCategory';
import type { SendResult } from '../../../../core/model/sendResult';
import type { App } from '../../../../core/runtime';
import type { ItemFiles } from '../../../shared/content/itemFiles';
import { readContent, type PanelContent } from '../../../shared/content/readContent';
import { core } from '../../../shared/loadCore';
import {
  chosenTemplate,
  mappedTexts,
  type ChosenTemplate,
} from '../../../WhatsAppCloud/content/readContent';
import { withItemFiles } from '../../../WhatsAppCloud/content/withItemFiles';
import { PREVIEW_FIELD, templateNameOf } from '../messageTemplate/locator';
import { fillTemplate } from './fillTemplate';
import type { Read } from './readSend';

/** What is sent, as the panel says it. */
export type Written =
  | { kind: 'here'; content: PanelContent; instead: ChosenTemplate | undefined }
  | {
      kind: 'messageTemplate';
      idOrName: string;
      values: Record<string, string>;
      language: string | undefined;
    };

/** @throws InvalidInputError naming the field */
export function readWritten(read: Read, itemIndex: number, files: ItemFiles): Written {
  if (read('compose') === 'messageTemplate') {
    return {
      kind: 'messageTemplate',
      idOrName: templateNameOf(read('messageTemplate')),
      values: mappedTexts(read('templateValues').value, PREVIEW_FIELD),
      language: read('options').templateLanguage?.trim() || undefined,
    };
  }
  return {
    kind: 'here',
    content: named(
      readContent(read, (field) => files.describe(itemIndex, field)),
      read,
    ),
    instead:
      read('whenWindowClosed') === 'template'
        ? chosenTemplate(read('fallbackTemplate'), read('fallbackVariables'))
        : undefined,
  };
}

/** A document with the name that it has at the other end. */
function named(content: PanelContent, read: Read): PanelContent {
  if (content.type !== 'file') return content;
  const ofItem = 'field' in content.media ? content.media.fileName : undefined;
  const fileName = read('fileName').trim() || ofItem;
  return fileName ? { ...content, fileName } : content;
}

type Composed = Pick<DeliverInput, 'content' | 'whenWindowClosed' | 'perChannel'> & {
  /** What the template says that it is. */
  category?: SendCategory | null;
  /** Why the template for a closed window cannot go. */
  noTemplate?: string;
};

type Place = Pick<DeliverInput, 'tenantId' | 'accountId' | 'contactId' | 'conversationId'>;

/** The content itself: files are read, templates filled. @throws InvalidInputError, NotFoundError, SendError */
export async function compose(
  app: App,
  place: Place,
  written: Written,
  { files, itemIndex }: { files: ItemFiles; itemIndex: number },
): Promise<Composed> {
  if (written.kind === 'messageTemplate') return await composeTemplate(app, place, written);
  const { content, instead } = written;
  const filled = instead && (await fillTemplate(app, place, instead));
  const own = await files.load(itemIndex, content);
  if (!filled) return { content: own };
  if ('unavailable' in filled) {
    return { content: own, noTemplate: describeError(filled.unavailable) };
  }
  const withFiles = await withItemFiles(filled.content, files, itemIndex);
  return { content: own, whenWindowClosed: await files.load(itemIndex, withFiles) };
}

async function composeTemplate(
  app: App,
  place: Place,
  { idOrName, values, language }: Extract<Written, { kind: 'messageTemplate' }>,
): Promise<Composed> {
  const { tenantId, contactId, conversationId } = place;
  const wanted = { tenantId, idOrName, values, language, contactId, conversationId };
  const rendered = await core.messaging.renderMessageTemplate(app, wanted);
  core.messaging.requireValues(rendered);
  const { whatsApp, category, content, contents } = rendered;
  // Its places hold texts: a template without files.
  const filled =
    whatsApp && (await fillTemplate(app, place, { type: 'chosenTemplate', ...whatsApp }));
  const instead =
    filled && 'content' in filled ? { whenWindowClosed: filled.content as OutboundContent } : {};
  const own = Object.entries(contents).map(
    ([channel, form]) => [channel as Channel, { content: form, ...instead }] as const,
  );
  return {
    content,
    ...instead,
    ...(own.length > 0 && { perChannel: Object.fromEntries(own) as PerChannel }),
    category,
    ...(filled && 'unavailable' in filled && { noTemplate: describeError(filled.unavailable) }),
  };
}

/** A result that a closed window ended says, too, why the template that was meant for it did not go. */
export function withReason(result: SendResult, noTemplate: string | undefined): SendResult {
  const { status, reason, notBy = [], detail } = result;
  const isClosed = [reason, ...notBy.map((one) => one.reason)].includes('window_closed');
  if (noTemplate === undefined || status !== 'skipped' || !isClosed) return result;
  return { ...result, detail: [detail, `No template went instead: ${noTemplate}`].join(' ') };
}
