/**
 * Every request that the node can make: its panel is filled in at random, out of its own description, each item goes to
 * the sandbox over HTTP, and each body is validated with Meta's OpenAPI file. At the end no parameter may be left that
 * never had two different values.
 */
import type { ValidateFunction } from 'ajv/dist/2020';
import type { IDataObject } from 'n8n-workflow';
import { core } from '../../nodes/shared/loadCore';
import { operations } from '../../nodes/WhatsAppCloud/operations';
import { WHATSAPP_PEOPLE } from '../../sandbox/whatsapp/seed.ts';
import type { GraphCall } from '../../sandbox/control/calls.ts';
import { hasOpenApi, requestSchemaOf, schemaOf } from '../support/metaOpenApi.ts';
import { PanelGenerator, pick } from '../support/panelGenerator.ts';
import { randomFrom } from '../support/random.ts';
import { addTemplates } from './support/moreTemplates.ts';
import {
  FILES,
  FILE_KINDS,
  fillVariables,
  makersFor,
  readTemplates,
  type FileKind,
  type Line,
  type Surroundings,
} from './support/whatsAppPanel.ts';
import { WhatsAppNode } from './support/whatsApp.ts';

const random = randomFrom(2026);
/** Items of each content. */
const ROUNDS = 14;
let whatsApp: WhatsAppNode;
let surroundings: Surroundings;
let generator: PanelGenerator;

beforeAll(async () => {
  whatsApp = await WhatsAppNode.start();
  await whatsApp.receive();
  await whatsApp.account();
  addTemplates(whatsApp.instance.sandbox);
  const lines: Line[] = [];
  for (const account of await whatsApp.accounts()) {
    const people: Line['people'] = [];
    for (const id of await peopleOf(account.externalId)) {
      const { json } = await whatsApp.customerWrites(id, { text: 'Oi' }, account.id);
      const { contact, message } = json as Record<string, IDataObject>;
      people.push({
        id: contact?.externalId as string,
        messageId: message?.providerId as string,
      });
    }
    lines.push({ accountId: account.id, people });
    const much = { perMinute: 10_000, perHour: 10_000, perDay: 10_000 };
    await core.limits.setLimits(await whatsApp.app(), 'default', account.id, much);
  }
  const mediaIds: Surroundings['mediaIds'] = {};
  for (const { accountId } of lines) {
    const ofKind = async (kind: FileKind) =>
      Promise.all([1, 2].map((number) => upload(accountId, `${kind}${number}`)));
    const entries = FILE_KINDS.map(async (kind) => [kind, await ofKind(kind)] as const);
    mediaIds[accountId] = Object.fromEntries(await Promise.all(entries)) as never;
  }
  const callbackUrl = `${whatsApp.instance.server.url}/webhook/webhook-id/whatsapp`;
  surroundings = {
    whatsApp,
    lines,
    mediaIds,
    callbackUrls: [callbackUrl, `${callbackUrl}?again=1`],
  };
  await readTemplates(surroundings);
  generator = new PanelGenerator(whatsApp.node.description, random, {
    ...makersFor(surroundings),
    // Filled in behind, because the panel loads its fields.
    variables: () => ({}),
    fallbackVariables: () => ({}),
    name: () => generator.word('modelo').replaceAll(' ', '_'),
    body: () => `Olá {{1}}, ${generator.word('palavra').toLowerCase()} para você hoje.`,
    componentsJson: ({ random: of }) =>
      JSON.stringify([{ type: 'BODY', text: pick(of, ['Um aviso.', 'Outro aviso.']) }]),
    'template.create.followMinutes': ({ random: of }) => pick(of, [0, 0.0001]),
    'template.create.readyLanguages': ({ random: of }) => pick(of, [['en'], ['pt_BR', 'en']]),
    'template.create.readyTemplates': ({ random: of }) =>
      pick(of, [['aniversario_cliente'], ['retomada_contato', 'documentos_pos_procedimento']]),
    'template.create.headerText': () => generator.word('Título'),
    'template.create.examples': ({ random: of }) => ({
      example: [{ variable: pick(of, ['1', '{{1}}']), text: pick(of, ['Ana', 'João']) }],
    }),
    'template.create.templateButtons': ({ random: of }) => ({
      button: [
        { kind: 'quickReply', text: generator.word('Sim') },
        pick(of, [
          { kind: 'phone', text: 'Ligar', phone: '+551130001000' },
          { kind: 'url', text: 'Ver', url: 'https://example.com', example: '' },
          {
            kind: 'url',
            text: 'Ver',
            url: 'https://example.com/{{1}}',
            example: 'https://example.com/a',
          },
          { kind: 'phone', text: 'Ligar', phone: '+551130002000' },
          { kind: 'copyCode', example: 'NATAL25' },
        ]),
      ],
    }),
  });
});
afterAll(() => whatsApp.close());

/** WhatsApp lets 45 messages to a person go at once, then one in six seconds: so there are many. */
const PEOPLE = 10;

async function peopleOf(accountId: string): Promise<string[]> {
  const known = WHATSAPP_PEOPLE.filter((person) => person.accountId === accountId);
  const ids = known.map(({ id }) => id);
  while (ids.length < PEOPLE) {
    const person = { channel: 'whatsapp', accountId, firstName: `Cliente ${ids.length}` };
    ids.push((await whatsApp.instance.control<{ id: string }>('POST', '/personas', person)).id);
  }
  return ids;
}

async function upload(accountId: string, binaryField: string): Promise<string> {
  const { json } = await whatsApp.run(
    'media',
    'upload',
    { account: { __rl: true, mode: 'id', value: accountId }, binaryField },
    { items: [{ json: {}, binary: FILES }] },
  );
  return (json[0]?.media as IDataObject).id as string;
}

/** The schema of a body, by the end of its path; null: the file knows no body there. */
const SCHEMAS: Array<[RegExp, () => ValidateFunction]> = [
  [/\/messages$/, () => schemaOf('Message')],
  [/\/register$/, () => schemaOf('WhatsAppBusinessPhoneNumberRegistrationRequest')],
  [/\/whatsapp_business_profile$/, () => schemaOf('WhatsAppBusinessProfileUpdateRequest')],
  [/\/block_users$/, () => requestSchemaOf('/{Version}/{Phone-Number-ID}/block_users', 'post')],
  [/\/subscribed_apps$/, () => schemaOf('SubscriptionRequest')],
  [/\/message_templates$/, () => requestSchemaOf('/{Version}/{WABA-ID}/message_templates', 'post')],
];
const compiled = new Map<RegExp | string, ValidateFunction>();

/** What Meta's file has against the body of a call; empty = nothing. */
function faultsOf({ method, path, params }: GraphCall): string[] {
  const hasBody = method === 'POST' || (method === 'DELETE' && path.endsWith('/block_users'));
  // Uploads are forms: the file shows them as JSON, which is one of its known mistakes.
  // Sessions for examples of templates are the Graph API's, which the file does not cover.
  const isUpload = /\/media$|\/uploads$|\/upload:/.test(path);
  if (!hasOpenApi || !hasBody || isUpload) return [];
  const { appsecret_proof: _, ...body } = params;
  if (path.endsWith('/subscribed_apps') && Object.keys(body).length === 0) return [];
  const isRead = body.status === 'read';
  const [pattern, make] = SCHEMAS.find(([end]) => end.test(path)) ?? [];
  if (!pattern || !make) return [`${method} ${path} is in no schema of this test`];
  const key = isRead ? 'read' : pattern;
  const validate = compiled.get(key) ?? (isRead ? schemaOf('MarkMessageRequestPayload') : make());
  compiled.set(key, validate);
  if (validate(body)) return [];
  return [`${path}: ${JSON.stringify(validate.errors?.[0])} in ${JSON.stringify(body)}`];
}

interface Tried {
  calls: GraphCall[];
  error: string | undefined;
  json: IDataObject[];
}

async function tryOnce(
  resource: string,
  operation: string,
  fixed: IDataObject = {},
): Promise<Tried> {
  const parameters = generator.fill({ resource, operation, ...fixed });
  const values = { random, values: parameters };
  if ('variables' in parameters) {
    parameters.variables = await fillVariables(surroundings, values, 'template');
    generator.note(`${resource}.${operation}.variables`, parameters.variables);
  }
  if ('fallbackVariables' in parameters) {
    parameters.fallbackVariables = await fillVariables(surroundings, values, 'fallbackTemplate');
    generator.note(`${resource}.${operation}.fallbackVariables`, parameters.fallbackVariables);
  }
  // WhatsApp lets one message to a person go in six seconds.
  await whatsApp.instance.control('POST', '/clock', { advanceMs: 7_000 });
  const calls = whatsApp.callsSince();
  const { json, error } = await whatsApp.run(resource, operation, parameters, {
    items: [{ json: {}, binary: FILES }],
  });
  return { calls: calls(), error, json };
}

/** What was refused by the stand-in, or would be by the file; our own refusals come before any call. */
function problemsOf({ calls, error }: Tried): string[] {
  const isRefused = calls.some(({ status }) => status !== 200);
  return [...calls.flatMap(faultsOf), ...(isRefused ? [error ?? 'A call was refused.'] : [])];
}

const contentTypes = () => {
  const property = whatsApp.node.description.properties.find(({ name }) => name === 'contentType');
  return (property?.options ?? []).flatMap((option) => ('value' in option ? [option.value] : []));
};

describe('every message of the panel', () => {
  it('is a body that the file of Meta knows and the stand-in accepts, for every content', async () => {
    const faults: string[] = [];
    const accepted = new Map<unknown, number>();
    for (const contentType of contentTypes()) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const tried = await tryOnce('message', 'send', { contentType });
        faults.push(...problemsOf(tried).map((fault) => `${String(contentType)}: ${fault}`));
        const isSent = tried.calls.some(({ path }) => path.endsWith('/messages'));
        accepted.set(contentType, (accepted.get(contentType) ?? 0) + (isSent ? 1 : 0));
      }
    }
    expect(faults).toEqual([]);
    // Our own checks may refuse some of what chance has put together, but never most of it.
    const seldom = [...accepted].filter(([, count]) => count < ROUNDS / 2);
    expect(seldom).toEqual([]);
  });
});

/** Those that take something away come last. */
const OTHERS: Array<[resource: string, operation: string, as: string, fixed: IDataObject]> = [
  ['message', 'markAsRead', '', {}],
  ['template', 'create', ' out of fields', { source: 'own', componentsAs: 'fields' }],
  ['template', 'create', ' out of JSON', { source: 'own', componentsAs: 'json' }],
  ['template', 'create', ' ready-made', { source: 'ready' }],
  ['template', 'get', '', {}],
  ['template', 'getMany', '', {}],
  ['phoneNumber', 'get', '', {}],
  ['phoneNumber', 'getMany', '', {}],
  ['phoneNumber', 'register', '', {}],
  ['profile', 'get', '', {}],
  ['profile', 'update', '', {}],
  ['webhook', 'subscribe', '', {}],
  ['webhook', 'get', '', {}],
  ['contact', 'block', '', {}],
  ['contact', 'getBlocked', '', {}],
  ['contact', 'unblock', '', {}],
  ['media', 'upload', '', { contentType: 'image' }],
  ['media', 'download', '', { contentType: 'image' }],
  ['media', 'delete', '', { contentType: 'image' }],
  ['template', 'delete', '', {}],
  ['webhook', 'unsubscribe', '', {}],
];

/** Wrong PINs, files and templates that are gone are refused, rightly: what counts there is the request. */
const MAY_BE_REFUSED = [
  'phoneNumber.register',
  'media.delete',
  'media.download',
  'template.delete',
];

describe('every other operation', () => {
  it.each(OTHERS)(
    '%s: %s%s makes requests that the file knows and the stand-in accepts',
    async (resource, operation, _as, fixed) => {
      const faults: string[] = [];
      for (let round = 0; round < 24; round += 1) {
        const tried = await tryOnce(resource, operation, fixed);
        const mayBeRefused = MAY_BE_REFUSED.includes(`${resource}.${operation}`);
        faults.push(...(mayBeRefused ? tried.calls.flatMap(faultsOf) : problemsOf(tried)));
      }
      expect(faults).toEqual([]);
    },
  );
});

it('no operation of the node is left out', () => {
  const all = Object.entries(operations).flatMap(([resource, table]) =>
    Object.keys(table).map((operation) => `${resource}.${operation}`),
  );
  const tried = OTHERS.map(([resource, operation]) => `${resource}.${operation}`);
  expect(all.filter((name) => !tried.includes(name))).toEqual(['message.send']);
});

it('no parameter is left that was never varied', () => {
  const never = generator.neverVaried();
  process.stdout.write(
    `Parameters never varied: ${never.length === 0 ? 'none' : never.join(', ')}\n`,
  );
  expect(never).toEqual([]);
});
