import { EVENT_TYPES, type EventType } from '../../model';
import { isCollected } from '../collect';
import { EVENT_SHAPES } from './data';
import {
  anything,
  channelOrNull,
  connection,
  contact,
  conversation,
  eventId,
  exactly,
  instant,
  message,
  messages,
  orNull,
  providerOrNull,
  text,
  type JsonSchema,
} from './parts';

export { firstFault } from './check';
export type { JsonSchema } from './parts';

/** The JSON Schema (draft 2020-12) of every event type: what an item of a trigger looks like. */
export const EVENT_SCHEMAS: Record<EventType, JsonSchema> = Object.fromEntries(
  EVENT_TYPES.map((type) => [type, schemaOf(type)]),
) as Record<EventType, JsonSchema>;

function schemaOf(type: EventType): JsonSchema {
  const { description, has, data, dataIsOptional = false } = EVENT_SHAPES[type];
  const collects = isCollected(type);
  const part = (name: (typeof has)[number], schema: JsonSchema) =>
    has.includes(name) ? schema : orNull(schema);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://n8n-nodes-omnichannel.dev/schemas/${type}.json`,
    title: type,
    description,
    ...exactly(
      {
        id: { ...eventId, description: 'Unique; the same event always has the same id.' },
        event: { const: type },
        timestamp: { ...instant, description: 'When it happened, by the provider.' },
        tenantId: text,
        channel: channelOrNull,
        provider: providerOrNull,
        connection: part('connection', connection),
        contact: part('contact', contact),
        conversation: part('conversation', conversation),
        message: part('message', message),
        ...(collects && { messages }),
        ...(data && { data }),
        raw: { ...anything, description: "The provider's own object, or null." },
      },
      [...(dataIsOptional ? ['data'] : []), ...(collects ? ['messages'] : [])],
    ),
  };
}
