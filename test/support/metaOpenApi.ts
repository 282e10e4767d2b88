/**
 * Meta's own OpenAPI file of the WhatsApp Business API (v23.0, MIT), to check what is sent to it. It is not part of the
 * project: tests read it in the folder beside it and leave their cases out where it is not there.
 *
 * The file has mistakes: it contradicts Meta's documentation, which is what the servers follow. Each is mended by one
 * correction below, with the body of the documentation that the file as it is refuses.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const FILE = path.resolve(__dirname, '../../../shared/openapi/business-messaging-api_v23.0.yaml');

export const hasOpenApi = existsSync(FILE);

interface ApiFile {
  components: { schemas: Schemas };
  paths: Record<string, Schema>;
}

let file: ApiFile | undefined;

/** A copy of its own for each caller: corrections are written into it. */
function readFile(): ApiFile {
  file ??= parse(readFileSync(FILE, 'utf8')) as ApiFile;
  return structuredClone(file);
}

type Schema = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- a schema is any JSON
type Schemas = Record<string, Schema>;

export interface Correction {
  why: string;
  apply(schemas: Schemas): void;
  /** A body of the documentation that needs it, and the schema it is for. */
  example: { schema: string; body: object };
}

const BASE = { messaging_product: 'whatsapp', recipient_type: 'individual', to: '5511988887777' };
const template = (components: object[]) => ({
  ...BASE,
  type: 'template',
  template: { name: 't', language: { policy: 'deterministic', code: 'pt_BR' }, components },
});
const interactive = (value: object) => ({ ...BASE, type: 'interactive', interactive: value });

export const CORRECTIONS: readonly Correction[] = [
  {
    why: 'every message excludes the properties that all messages share',
    apply(schemas) {
      for (const schema of Object.values(schemas)) {
        const parts: Schema[] = schema.allOf ?? [];
        const isMessage = parts.some(({ $ref }) => String($ref).endsWith('/BaseMessageProperties'));
        if (!isMessage) continue;
        for (const part of parts) delete part.additionalProperties;
        schema.unevaluatedProperties = false;
      }
    },
    example: { schema: 'Message', body: { ...BASE, type: 'text', text: { body: 'oi' } } },
  },
  {
    why: 'a message may carry data that comes back with its statuses',
    apply(schemas) {
      schemas.BaseMessageProperties!.properties.biz_opaque_callback_data = {
        type: 'string',
        maxLength: 512,
      };
    },
    example: {
      schema: 'Message',
      body: { ...BASE, type: 'text', text: { body: 'oi' }, biz_opaque_callback_data: 'wf42' },
    },
  },
  {
    why: 'people with a username are addressed by their user id (since May 2026)',
    apply(schemas) {
      const base = schemas.BaseMessageProperties!;
      base.properties.recipient = { type: 'string' };
      base.required = base.required.filter((name: string) => name !== 'to');
      base.anyOf = [{ required: ['to'] }, { required: ['recipient'] }];
    },
    example: {
      schema: 'Message',
      body: {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        recipient: 'BR.13491208655302741918',
        type: 'text',
        text: { body: 'oi' },
      },
    },
  },
  {
    why: 'interactive messages have more kinds',
    apply(schemas) {
      schemas.InteractiveObject!.properties.type.enum.push(
        'cta_url',
        'location_request_message',
        'carousel',
        'address_message',
      );
      const named = (name: string, required: string[] = []) => ({
        required: ['name', ...required],
        properties: { name: { enum: [name] } },
      });
      schemas.ActionObject!.oneOf.push(
        {
          required: ['name', 'parameters'],
          properties: {
            name: { enum: ['cta_url'] },
            parameters: {
              type: 'object',
              required: ['display_text', 'url'],
              additionalProperties: false,
              properties: {
                display_text: { type: 'string', maxLength: 20 },
                url: { type: 'string', format: 'uri' },
              },
            },
          },
        },
        named('send_location'),
        named('address_message', ['parameters']),
        {
          required: ['cards'],
          properties: { cards: { type: 'array', minItems: 2, maxItems: 10 } },
        },
      );
    },
    example: {
      schema: 'Message',
      body: interactive({
        type: 'cta_url',
        body: { text: 'x' },
        action: { name: 'cta_url', parameters: { display_text: 'Ver', url: 'https://a.example' } },
      }),
    },
  },
  {
    why: 'the text of a list may have 4,096 characters',
    apply(schemas) {
      schemas.BodyObject!.properties.text.maxLength = 4096;
    },
    example: {
      schema: 'Message',
      body: interactive({
        type: 'list',
        body: { text: 'x'.repeat(4096) },
        action: { button: 'Ver', sections: [{ rows: [{ id: '1', title: 'um' }] }] },
      }),
    },
  },
  {
    why: 'a catalogue message needs no picture of its own',
    apply(schemas) {
      const action = schemas.ActionObject!.oneOf.find((one: Schema) =>
        one.properties?.name?.enum?.includes('catalog_message'),
      );
      action.required = ['name'];
    },
    example: {
      schema: 'Message',
      body: interactive({
        type: 'catalog_message',
        body: { text: 'x' },
        action: { name: 'catalog_message' },
      }),
    },
  },
  {
    why: 'the policy of a language is no longer asked for',
    apply(schemas) {
      schemas.LanguageObject!.required = ['code'];
    },
    example: {
      schema: 'Message',
      body: { ...BASE, type: 'template', template: { name: 't', language: { code: 'pt_BR' } } },
    },
  },
  {
    why: 'the place of a button is one digit, and not a range of dates',
    apply(schemas) {
      for (const name of ['TemplateComponent', 'ButtonComponent']) {
        const holder = schemas[name]!;
        for (const part of [holder, ...(holder.allOf ?? [])]) {
          if (part.properties?.index) part.properties.index.pattern = '^\\d$';
        }
      }
    },
    example: {
      schema: 'Message',
      body: template([
        {
          type: 'button',
          sub_type: 'url',
          index: '0',
          parameters: [{ type: 'text', text: 'x' }],
        },
      ]),
    },
  },
  {
    why: 'templates have more kinds of components and buttons',
    apply(schemas) {
      schemas.TemplateComponent!.properties.type.enum.push('carousel', 'limited_time_offer');
      schemas.TemplateComponent!.properties.sub_type.enum.push('copy_code', 'flow', 'mpm');
    },
    example: {
      schema: 'Message',
      body: template([
        {
          type: 'button',
          sub_type: 'copy_code',
          index: '1',
          parameters: [{ type: 'coupon_code', coupon_code: 'NATAL25' }],
        },
      ]),
    },
  },
];

/** Makes more of the file than its letter says: components are checked by their type, as its discriminators mean. */
function tighten(schemas: Schemas): void {
  const text = { type: 'string' };
  const byType = (type: string, then: object) => ({
    if: { properties: { type: { const: type } } },
    then,
  });
  schemas.TemplateComponent!.unevaluatedProperties = false;
  schemas.TemplateComponent!.properties.cards = {
    type: 'array',
    items: {
      type: 'object',
      required: ['card_index', 'components'],
      additionalProperties: false,
      properties: {
        card_index: { type: 'integer', minimum: 0, maximum: 9 },
        components: { type: 'array', items: { $ref: '#/components/schemas/TemplateComponent' } },
      },
    },
  };
  schemas.TemplateComponent!.allOf = [
    byType('button', { required: ['sub_type', 'index'] }),
    byType('carousel', { required: ['cards'] }),
    byType('limited_time_offer', { required: ['parameters'] }),
    byType('body', { required: ['parameters'] }),
    byType('header', {
      required: ['parameters'],
      properties: { parameters: { minItems: 1, maxItems: 1 } },
    }),
  ];
  schemas.TemplateComponent!.properties.parameters.items = {
    type: 'object',
    required: ['type'],
    properties: {
      type: {
        enum: [
          'text',
          'currency',
          'date_time',
          'image',
          'video',
          'document',
          'location',
          'product',
          'payload',
          'coupon_code',
          'action',
          'limited_time_offer',
        ],
      },
      text: { type: 'string', maxLength: 32768 },
      payload: text,
      image: { $ref: '#/components/schemas/MediaObject' },
      video: { $ref: '#/components/schemas/MediaObject' },
      document: { $ref: '#/components/schemas/MediaObject' },
    },
    allOf: ['text', 'image', 'video', 'document', 'location', 'product', 'payload', 'action'].map(
      (type) => byType(type, { required: ['type', type] }),
    ),
  };
}

/**
 * A validator of one schema of the file.
 * @param without a correction that is left out, to show that it is needed
 */
export function schemaOf(name: string, without?: Correction): ValidateFunction {
  const { schemas } = readFile().components;
  for (const correction of CORRECTIONS) {
    if (correction !== without) correction.apply(schemas);
  }
  tighten(schemas);
  const ajv = new Ajv2020({ strict: false, allErrors: false, discriminator: false });
  addFormats(ajv);
  ajv.addFormat('url', /^https?:\/\/\S+$/);
  ajv.addFormat('int32', true);
  ajv.addSchema({ $id: 'file', components: { schemas } });
  return ajv.compile({ $ref: `file#/components/schemas/${name}` });
}

/** The schema of a request's JSON body, by its path and method in the file. */
export function requestSchemaOf(place: string, method: 'post' | 'delete'): ValidateFunction {
  const { paths, components } = readFile();
  const body = paths[place]?.[method]?.requestBody?.content?.['application/json']?.schema;
  if (!body) throw new Error(`The file has no body for ${method} ${place}.`);
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  ajv.addSchema({ $id: 'file', components });
  const text = JSON.stringify(body).replaceAll('"#/components', '"file#/components');
  return ajv.compile(JSON.parse(text));
}
