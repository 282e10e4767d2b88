import type { FlowCall, Frame, ListSection, ReplyButton } from '../../../core/model/richContent';
import type { MediaSource } from '../../../core/model/media';
import { optional } from '../../shared/content/optional';
import type { ItemFile, PanelContent } from '../../shared/content/readContent';
import { jsonObjectOf, listOf } from '../../shared/fieldValues';
import type { MappedValues, ParameterReader } from '../../shared/parameters';
import type { contentProperties } from './contentProperties';
import { readContacts } from './readContacts';
import { templateOf } from './templateField';

type Read = ParameterReader<typeof contentProperties>;
type Source = MediaSource | ItemFile;
type FileOf = (field: string) => ItemFile;

type InteractiveType =
  | 'buttons'
  | 'linkButton'
  | 'flow'
  | 'list'
  | 'product'
  | 'productList'
  | 'catalog';

/** The field of the mapper that shows what a template says; it is no variable. */
export const PREVIEW = 'preview';

/** A template as the panel names it: what it says is asked of WhatsApp when it is sent. */
export interface ChosenTemplate {
  type: 'chosenTemplate';
  name: string;
  language: string;
  /** Values by slot, as the fields of the panel are named. */
  values: Record<string, string>;
}

/**
 * The content of one item, from the fields of `contentProperties`. Only what the panel shows is read: n8n has no value
 * for the rest. Limits are core's to check.
 */
export function readContent(read: Read, fileOf: FileOf): PanelContent | ChosenTemplate {
  const type = read('contentType');
  switch (type) {
    case 'text':
      return { type, text: read('text') };
    case 'template':
      return chosenTemplate(read('template'), read('variables'));
    case 'image':
    case 'video':
      return { type, media: readFile(read, fileOf), ...optional({ caption: read('caption') }) };
    case 'audio': {
      const voice = read('voice') ? { voice: true } : {};
      const caption = optional({ caption: read('caption') });
      return { type, media: readFile(read, fileOf), ...caption, ...voice };
    }
    case 'file':
      return readDocument(read, fileOf);
    case 'sticker':
      return { type: 'stickerFile', media: readFile(read, fileOf) };
    case 'location': {
      const place = optional({ name: read('placeName'), address: read('address') });
      return { type, latitude: read('latitude'), longitude: read('longitude'), ...place };
    }
    case 'contacts':
      return { type, contacts: readContacts(read) };
    case 'reaction':
      return { type, targetProviderId: read('reactTo').trim(), emoji: read('emoji').trim() };
    case 'interactive':
      return {
        type,
        interactive: jsonObjectOf('Interactive (JSON)', read('interactiveJson')),
      };
    case 'locationRequest':
      return { type, text: read('text') };
    default:
      return readInteractive(type, read, fileOf);
  }
}

function readInteractive(type: InteractiveType, read: Read, fileOf: FileOf): PanelContent {
  const footer = optional({ footer: read('footer') });
  const plain: Frame<Source> = { text: read('text'), ...footer };
  const titled: () => Frame<Source> = () => {
    const text = read('headerText').trim();
    return { ...(text === '' ? {} : { header: { kind: 'text', text } }), ...plain };
  };
  switch (type) {
    case 'buttons':
      return {
        type: 'replyButtons',
        frame: { ...readHeader(read, fileOf), ...plain },
        buttons: (read('buttons').button ?? []).map(toReply),
      };
    case 'linkButton':
      return {
        type,
        frame: { ...readHeader(read, fileOf), ...plain },
        title: read('buttonLabel'),
        url: read('buttonUrl').trim(),
      };
    case 'flow':
      return { type, frame: { ...readHeader(read, fileOf), ...plain }, flow: readFlow(read) };
    case 'list':
      return { type, frame: titled(), title: read('listButton'), sections: readSections(read) };
    case 'product':
      return {
        type,
        frame: plain,
        catalogId: read('catalogId').trim(),
        productId: read('productId').trim(),
      };
    case 'productList': {
      const sections = (read('productSections').section ?? []).map(({ title, productIds }) => ({
        title,
        productIds: listOf(productIds),
      }));
      return { type, frame: titled(), catalogId: read('catalogId').trim(), sections };
    }
    case 'catalog':
      return { type, frame: plain, ...optional({ productId: read('thumbnailProductId').trim() }) };
  }
}

/** The template for a closed window, where the panel names one. */
export function readFallback(read: Read): ChosenTemplate | undefined {
  const type = read('contentType');
  if (type === 'template' || type === 'reaction') return undefined;
  if (read('whenWindowClosed') !== 'template') return undefined;
  return chosenTemplate(read('fallbackTemplate'), read('fallbackVariables'));
}

/** A template as the locator and the mapper name it. @throws InvalidInputError */
export function chosenTemplate(template: string, { value: mapped }: MappedValues): ChosenTemplate {
  return { type: 'chosenTemplate', ...templateOf(template), values: mappedTexts(mapped) };
}

/** What stands in the fields of a mapper, as text. */
export function mappedTexts(
  mapped: Record<string, unknown>,
  preview: string = PREVIEW,
): Record<string, string> {
  const values = Object.entries(mapped).flatMap(([slot, value]) =>
    slot === preview || value === null || value === undefined
      ? []
      : [[slot, textOf(value)] as const],
  );
  return Object.fromEntries(values);
}

/** Numbers and dates come out of expressions, too; n8n makes dates objects that know their own text. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Date) return value.toISOString();
  const { toISO } = value as { toISO?: () => string };
  return typeof toISO === 'function' ? toISO.call(value) : JSON.stringify(value);
}

function readFile(read: Read, fileOf: FileOf): Source {
  return toSource(
    {
      from: read('source'),
      url: () => read('url'),
      field: () => read('binaryField'),
      mediaId: () => read('mediaId'),
    },
    fileOf,
  );
}

interface SourceFields {
  from: 'url' | 'binary' | 'mediaId';
  url: () => string;
  field: () => string;
  mediaId: () => string;
}

function toSource({ from, url, field, mediaId }: SourceFields, fileOf: FileOf): Source {
  switch (from) {
    case 'url':
      return { url: url().trim() };
    case 'binary':
      return fileOf(field().trim());
    case 'mediaId':
      return { attachmentId: mediaId().trim() };
  }
}

function readDocument(read: Read, fileOf: FileOf): PanelContent {
  const media = readFile(read, fileOf);
  const ofItem = 'field' in media ? (media.fileName ?? '') : '';
  return {
    type: 'file',
    media,
    ...optional({ caption: read('caption'), fileName: read('fileName').trim() || ofItem }),
  };
}

function readHeader(read: Read, fileOf: FileOf): Pick<Frame<Source>, 'header'> {
  const kind = read('headerKind');
  if (kind === 'none') return {};
  if (kind === 'text') return { header: { kind, text: read('headerText') } };
  const media = toSource(
    {
      from: read('headerSource'),
      url: () => read('headerUrl'),
      field: () => read('headerBinaryField'),
      mediaId: () => read('headerMediaId'),
    },
    fileOf,
  );
  if (kind !== 'document') return { header: { kind, media } };
  const ofItem = 'field' in media ? (media.fileName ?? '') : '';
  const fileName = read('headerFileName').trim() || ofItem;
  return { header: { kind, media, ...optional({ fileName }) } };
}

function toReply({ title, payload }: { title: string; payload: string }): ReplyButton {
  return { title, id: payload || title };
}

function readSections(read: Read): ListSection[] {
  return (read('sections').section ?? []).map(({ title, rows }) => ({
    ...optional({ title }),
    rows: (rows.row ?? []).map((row) => ({
      ...toReply(row),
      ...optional({ description: row.description }),
    })),
  }));
}

function readFlow(read: Read): FlowCall {
  const flow = read('flow').trim();
  const action = read('flowAction');
  const isId = /^\d+$/.test(flow);
  return {
    ...(isId ? { flowId: flow } : { flowName: flow }),
    title: read('buttonLabel'),
    token: read('flowReference'),
    action,
    ...(action === 'navigate' ? readScreen(read) : {}),
    ...(read('flowDraft') ? { mode: 'draft' as const } : {}),
  };
}

function readScreen(read: Read): Pick<FlowCall, 'screen' | 'data'> {
  const data = jsonObjectOf('Screen Data (JSON)', read('flowData'));
  return {
    ...optional({ screen: read('flowScreen').trim() }),
    ...(Object.keys(data).length === 0 ? {} : { data }),
  };
}
