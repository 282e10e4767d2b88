import type { Attachment, MessageType } from '../../model';
import { asId, asList, asObject, asText } from '../graph/json';
import type { JsonObject } from '../graph/json';

/** The files, shares and stories of a message as the conversations API shows them. Meta's addresses live for some days. */
export function readFiles(message: JsonObject): Attachment[] {
  const files = asList(asObject(message.attachments)?.data).map((item) => readFile(asObject(item)));
  const shares = asList(asObject(message.shares)?.data).map((item) => readShare(asObject(item)));
  const story = asId(asObject(asObject(message.story)?.mention)?.id);
  return [
    ...files,
    ...shares,
    // Meta forbids to keep the address of a story, and what a workflow gets is kept by n8n.
    ...(story === null ? [] : [{ type: 'story', providerMediaId: story } as const]),
  ];
}

export function typeOf(text: string | null, attachments: readonly Attachment[]): MessageType {
  const [first] = attachments;
  if (text !== null) return 'text';
  if (!first) return 'unsupported';
  return first.type === 'fallback' ? 'share' : first.type;
}

function readFile(file: JsonObject | null): Attachment {
  const image = asText(asObject(file?.image_data)?.url);
  const video = asText(asObject(file?.video_data)?.url);
  const template = asObject(file?.generic_template);
  const url = image ?? video ?? asText(file?.file_url);
  const mimeType = asText(file?.mime_type);
  return {
    type:
      template !== null
        ? 'template'
        : image !== null
          ? 'image'
          : video !== null
            ? 'video'
            : kindOf(mimeType, url),
    ...given({
      url,
      mimeType,
      fileName: asText(file?.name),
      title: asText(template?.title),
      providerMediaId: asId(file?.id),
    }),
  };
}

function kindOf(mimeType: string | null, url: string | null): Attachment['type'] {
  const family = mimeType?.split('/')[0];
  if (family === 'image' || family === 'video' || family === 'audio') return family;
  return url === null ? 'unsupported' : 'file';
}

function readShare(share: JsonObject | null): Attachment {
  const isTemplate = asObject(share?.template) !== null;
  const facts = { url: asText(share?.link), title: asText(share?.name) };
  return { type: isTemplate ? 'template' : 'share', ...given(facts) };
}

function given(facts: Record<string, string | null>): Partial<Attachment> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}
