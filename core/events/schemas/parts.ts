import { CHANNELS, PROVIDERS } from '../../model';

/** A JSON Schema, draft 2020-12. */
export interface JsonSchema {
  $schema?: string;
  $id?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  const?: string | boolean;
  enum?: readonly (string | null)[];
  pattern?: string;
  minimum?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}

export const text: JsonSchema = { type: 'string' };
export const textOrNull: JsonSchema = { type: ['string', 'null'] };
export const flag: JsonSchema = { type: 'boolean' };
export const count: JsonSchema = { type: 'integer', minimum: 0 };
export const instant: JsonSchema = { type: 'string', format: 'date-time' };
export const instantOrNull: JsonSchema = { type: ['string', 'null'], format: 'date-time' };
/** A ULID. */
export const eventId: JsonSchema = { type: 'string', pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' };
export const channel: JsonSchema = { enum: [...CHANNELS] };
export const channelOrNull: JsonSchema = { enum: [...CHANNELS, null] };
export const providerOrNull: JsonSchema = { enum: [...PROVIDERS, null] };
/** The provider's own object; anything. */
export const anything: JsonSchema = {};

/** An object with exactly these properties, all of them required unless named optional. */
export function exactly(
  properties: Record<string, JsonSchema>,
  optional: string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

/** An object with at least these properties: a later version may add to it. */
export function atLeast(
  properties: Record<string, JsonSchema>,
  optional: string[] = [],
): JsonSchema {
  return { ...exactly(properties, optional), additionalProperties: true };
}

export function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

export const connection = exactly({ id: text, name: text, externalId: text });

export const contact = exactly({
  id: text,
  externalId: text,
  name: textOrNull,
  phone: textOrNull,
  stage: textOrNull,
  isNew: { ...flag, description: 'As it was when the event happened.' },
});

export const conversation = exactly({
  id: text,
  status: { enum: ['open', 'closed'] },
  isNew: { ...flag, description: 'As it was when the event happened.' },
  windowClosesAt: {
    ...instantOrNull,
    description: 'Until when free-form messages are permitted; null where no window is open.',
  },
  automation: exactly({ paused: flag, reason: textOrNull, until: instantOrNull }),
});

const attachment = exactly(
  {
    type: {
      enum: [
        'image',
        'video',
        'audio',
        'file',
        'sticker',
        'location',
        'share',
        'story',
        'template',
        'fallback',
        'unsupported',
      ],
    },
    url: { ...text, description: "May be short-lived: Meta's links expire." },
    mimeType: text,
    fileName: text,
    providerMediaId: text,
    title: text,
    latitude: { type: 'number' },
    longitude: { type: 'number' },
  },
  ['url', 'mimeType', 'fileName', 'providerMediaId', 'title', 'latitude', 'longitude'],
);

export const referral = exactly({ type: text, id: text, ref: text, headline: text, url: text }, [
  'id',
  'ref',
  'headline',
  'url',
]);

/** Somebody who wrote in public, as the provider names them. */
export const author = exactly({ externalId: text, name: text, username: text, phone: text }, [
  'name',
  'username',
  'phone',
]);

const price = exactly({
  billable: flag,
  model: textOrNull,
  type: textOrNull,
  category: textOrNull,
});

export const message = exactly(
  {
    id: text,
    providerId: textOrNull,
    direction: { enum: ['inbound', 'outbound'] },
    type: {
      enum: [
        'text',
        'image',
        'video',
        'audio',
        'file',
        'sticker',
        'location',
        'contacts',
        'order',
        'form',
        'share',
        'story',
        'buttons',
        'interactive',
        'quickReplies',
        'template',
        'postback',
        'reaction',
        'unsupported',
      ],
    },
    text: textOrNull,
    attachments: { type: 'array', items: attachment },
    buttonPayload: textOrNull,
    replyTo: orNull(exactly({ providerId: text, storyId: text }, ['providerId', 'storyId'])),
    referral: orNull(referral),
    sentBy: { enum: ['contact', 'automation', 'person'] },
    status: { enum: ['received', 'sent', 'delivered', 'read', 'failed', 'unknown', 'deleted'] },
    price: { ...price, description: 'What the provider charges for it, where it says so.' },
  },
  ['price'],
);

export const messages: JsonSchema = {
  type: 'array',
  items: message,
  description: 'Where a trigger collects: the messages that `message` stands for.',
};
