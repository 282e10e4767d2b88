import type { OutboundContent } from './content';
import type { FileKind } from './media';
import type {
  Frame,
  FrameHeader,
  RichContent,
  TemplateFaceValues,
  TemplateValue,
} from './richContent';

type Place<A, B> = (kind: FileKind, source: A) => Promise<B>;

/** The content with another source in the place of each of its files, one after the other. */
export async function mapMedia<A, B>(
  content: OutboundContent<A>,
  place: Place<A, B>,
): Promise<OutboundContent<B>> {
  switch (content.type) {
    case 'image':
    case 'video':
    case 'audio':
    case 'file':
      return { ...content, media: await place(content.type, content.media) };
    case 'images': {
      const images = await inOrder(content.images, (image) => place('image', image));
      return { ...content, images };
    }
    case 'mediaTemplate':
      return { ...content, media: await place(content.mediaKind, content.media) };
    case 'text':
    case 'quickReplies':
    case 'buttons':
    case 'genericTemplate':
    case 'productTemplate':
    case 'sticker':
    case 'sharePost':
      return content;
    default:
      return mapRich(content, place);
  }
}

/** Every file of the content. */
export function mediaOf<A>(content: OutboundContent<A>): A[] {
  if (content.type === 'images') return content.images;
  if ('media' in content) return [content.media];
  if ('frame' in content) return headerMedia(content.frame.header);
  if (content.type !== 'template') return [];
  const { template } = content;
  return [template, ...template.cards].flatMap(({ header, body }) =>
    [...(header === undefined ? [] : [header]), ...body].flatMap((value) => headerMedia(value)),
  );
}

function headerMedia<A>(header: FrameHeader<A> | TemplateValue<A> | undefined): A[] {
  return header !== undefined && 'media' in header ? [header.media] : [];
}

async function mapRich<A, B>(content: RichContent<A>, place: Place<A, B>): Promise<RichContent<B>> {
  switch (content.type) {
    case 'template': {
      const { header, body, buttons, cards, ...rest } = content.template;
      const face = await mapFace({ ...(header ? { header } : {}), body, buttons }, place);
      const mapped = await inOrder(cards, (card) => mapFace(card, place));
      return { ...content, template: { ...rest, ...face, cards: mapped } };
    }
    case 'replyButtons':
    case 'list':
    case 'linkButton':
    case 'flow':
    case 'product':
    case 'productList':
    case 'catalog':
      return { ...content, frame: await mapFrame(content.frame, place) };
    case 'stickerFile':
      return { ...content, media: await place('sticker', content.media) };
    default:
      return content;
  }
}

async function mapFrame<A, B>(
  { header, ...frame }: Frame<A>,
  place: Place<A, B>,
): Promise<Frame<B>> {
  if (header === undefined) return frame;
  if (header.kind === 'text') return { ...frame, header };
  const kind = header.kind === 'document' ? 'file' : header.kind;
  return { ...frame, header: { ...header, media: await place(kind, header.media) } };
}

async function mapFace<A, B>(
  { header, body, buttons }: TemplateFaceValues<A>,
  place: Place<A, B>,
): Promise<TemplateFaceValues<B>> {
  return {
    ...(header === undefined ? {} : { header: await mapValue(header, place) }),
    body: await inOrder(body, (value) => mapValue(value, place)),
    buttons,
  };
}

async function mapValue<A, B>(
  value: TemplateValue<A>,
  place: Place<A, B>,
): Promise<TemplateValue<B>> {
  switch (value.kind) {
    case 'image':
    case 'video':
      return { ...value, media: await place(value.kind, value.media) };
    case 'document':
      return { ...value, media: await place('file', value.media) };
    default:
      return value;
  }
}

async function inOrder<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}
