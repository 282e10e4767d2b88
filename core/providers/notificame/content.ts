import type {
  Button,
  ContactCard,
  HubSettings,
  OutboundContent,
  SendSettings,
  TemplateElement,
} from '../../model';
import { toGraphMessage } from '../meta/graphMessage';
import { mimeTypeAt } from '../content';
import { asObject } from '../graph/json';
import type { JsonObject } from '../graph/json';
import { interactiveObject } from '../whatsapp-cloud/content/interactive';
import { templateObject } from '../whatsapp-cloud/content/template';

export interface MessageRequest {
  /** The id of the channel at the hub, which is its token. */
  from: string;
  to: string;
  content: OutboundContent;
  settings?: SendSettings | undefined;
  channel: string;
  fileTypes: HubSettings['fileTypes'];
}

/** The body of `POST /v{1,2}/channels/{channel}/messages`: one content a message, so that one status is about one message. */
export function messageBody({
  from,
  to,
  content,
  settings = {},
  ...form
}: MessageRequest): JsonObject {
  return {
    from,
    to,
    contents: [contentOf(content, settings, form)],
    // A quote, as an integrator sends it; the SDK's own `reply_text` has three s in its key.
    ...(settings.replyTo ? { messageId: settings.replyTo, reply: true } : {}),
  };
}

type Form = Pick<MessageRequest, 'channel' | 'fileTypes'>;

function contentOf(content: OutboundContent, settings: SendSettings, form: Form): JsonObject {
  if (content.type === 'text') return textOf(content.text, settings, form);
  const file = fileOf(content, form);
  if (file !== null) return file;
  return form.channel === 'whatsapp' ? whatsAppContent(content) : socialContent(content);
}

function textOf(text: string, { subject }: SendSettings, { channel }: Form): JsonObject {
  if (channel !== 'email') return { type: 'text', text };
  return { type: 'email', subject: subject ?? text.split('\n', 1)[0]?.slice(0, 78) ?? '', text };
}

/** What the hub calls the kinds of files where it does not name their MIME type. */
const KINDS = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  file: 'document',
  stickerFile: 'sticker',
} as const;

function fileOf(content: OutboundContent, { fileTypes }: Form): JsonObject | null {
  if (!('media' in content) || content.type === 'mediaTemplate') return null;
  const { media } = content;
  const type = fileTypes === 'kind' ? KINDS[content.type] : mimeTypeAt(media);
  return {
    type: 'file',
    fileUrl: 'url' in media ? media.url : '',
    ...(type === undefined ? {} : { fileMimeType: type }),
    ...('caption' in content && content.caption ? { fileCaption: content.caption } : {}),
    ...('fileName' in content && content.fileName ? { fileName: content.fileName } : {}),
    ...('voice' in content && content.voice ? { voice: true } : {}),
  };
}

/** WhatsApp: Meta's own objects for what can be tapped and for templates, Zenvia's dialect for places and cards. */
function whatsAppContent(content: OutboundContent): JsonObject {
  const interactive = interactiveObject(content);
  if (interactive !== null) return { type: 'interactive', interactive };
  switch (content.type) {
    case 'template':
      return { type: 'template', template: templateObject(content.template) };
    case 'reaction':
      return {
        type: 'reaction',
        reaction: { message_id: content.targetProviderId, emoji: content.emoji },
      };
    case 'location': {
      const { latitude, longitude, name, address } = content;
      return {
        type: 'location',
        latitude,
        longitude,
        ...(name ? { name } : {}),
        ...(address ? { address } : {}),
      };
    }
    case 'contacts':
      return { type: 'contacts', contacts: content.contacts.map(contactObject) };
    default:
      return unchecked(content);
  }
}

/** Instagram, Messenger and the rest. */
function socialContent(content: OutboundContent): JsonObject {
  switch (content.type) {
    case 'quickReplies':
      return {
        type: 'replyable_text',
        text: content.text,
        quickReplyButtons: content.quickReplies.flatMap((reply) =>
          'title' in reply ? [{ type: 'text', text: reply.title, payload: reply.payload }] : [],
        ),
      };
    case 'buttons':
      // As the community node sends them: Meta's button template.
      return { type: 'template', template: buttonTemplate(content) };
    case 'genericTemplate': {
      const [only, ...more] = content.elements;
      if (only && more.length === 0) return { type: 'card', ...cardOf(only) };
      return { type: 'carousel', cards: content.elements.map(cardOf) };
    }
    case 'interactive':
      return content.interactive;
    default:
      return unchecked(content);
  }
}

function buttonTemplate(content: OutboundContent): JsonObject {
  const attachment = asObject(toGraphMessage(content).attachment);
  return asObject(attachment?.payload) ?? {};
}

function cardOf({ title, subtitle, imageUrl, buttons }: TemplateElement): JsonObject {
  return {
    title,
    ...(subtitle === undefined ? {} : { text: subtitle }),
    ...(imageUrl === undefined ? {} : { media: { url: imageUrl } }),
    ...(buttons.length === 0 ? {} : { buttons: buttons.map(cardButton) }),
  };
}

function cardButton(button: Button): JsonObject {
  switch (button.type) {
    case 'url':
      return { type: 'link', text: button.title, url: button.url };
    case 'postback':
      return { type: 'text', text: button.title, payload: button.payload };
    case 'phone':
      return { type: 'phone', text: button.title, phone: button.phone };
  }
}

function contactObject(card: ContactCard): JsonObject {
  const { name, phones, emails, urls, organization, birthday } = card;
  return {
    name: {
      formattedName: name.formatted,
      ...filled({ firstName: name.first, lastName: name.last }),
    },
    ...listed('phones', phones, ({ phone, kind, externalId }) => ({
      phone,
      ...filled({ type: kind, waId: externalId }),
    })),
    ...listed('emails', emails, ({ email, kind }) => ({ email, ...filled({ type: kind }) })),
    ...listed('urls', urls, ({ url, kind }) => ({ url, ...filled({ type: kind }) })),
    ...(organization ? { org: filled({ ...organization }) } : {}),
    ...filled({ birthday }),
  };
}

function listed<T>(
  key: string,
  items: readonly T[],
  toObject: (item: T) => JsonObject,
): JsonObject {
  return items.length === 0 ? {} : { [key]: items.map(toObject) };
}

function filled(fields: Record<string, string | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
}

function unchecked({ type }: OutboundContent): never {
  throw new Error(`A message of type "${type}" passed the check of its content.`);
}
