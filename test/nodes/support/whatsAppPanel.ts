/** What only a person knows of the panel of *WhatsApp Cloud*: accounts, people, files, templates of the sandbox. */
import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';
import { pick, type Maker, type Makers } from '../../support/panelGenerator.ts';
import { hookContext } from './contexts.ts';
import type { WhatsAppNode } from './whatsApp.ts';

/** A number of the clinic and whoever has just written to it. */
export interface Line {
  accountId: string;
  people: Array<{ id: string; messageId: string }>;
}

export type FileKind = 'image' | 'video' | 'audio' | 'file' | 'sticker';

export interface Surroundings {
  whatsApp: WhatsAppNode;
  lines: Line[];
  /** Ids of files that WhatsApp holds, by account and kind. */
  mediaIds: Record<string, Record<FileKind, string[]>>;
  callbackUrls: string[];
}

const MIME_TYPES: Record<FileKind, string> = {
  image: 'image/png',
  video: 'video/mp4',
  audio: 'audio/ogg',
  file: 'application/pdf',
  sticker: 'image/webp',
};
export const FILE_KINDS = Object.keys(MIME_TYPES) as FileKind[];

/** Two files of each kind, in fields named after it. */
export const FILES: IBinaryKeyData = Object.fromEntries(
  FILE_KINDS.flatMap((kind) =>
    [1, 2].map((number) => [
      `${kind}${number}`,
      {
        data: Buffer.from(`${kind} ${number}`).toString('base64'),
        mimeType: MIME_TYPES[kind],
        fileName: `${kind}-${number}.bin`,
      },
    ]),
  ),
);

const valueOf = (locator: unknown) => (locator as { value: string }).value;

/** The kind of file that is asked for. */
function kindOf(values: IDataObject, isHeader: boolean): FileKind {
  const kind = (isHeader ? values.headerKind : values.contentType) as string;
  return (kind === 'document' ? 'file' : kind) as FileKind;
}

export function makersFor(surroundings: Surroundings): Makers {
  const { lines, mediaIds, callbackUrls } = surroundings;
  const line = ({ values }: Maker) =>
    lines.find(({ accountId }) => accountId === valueOf(values.account)) as Line;
  /** What the recipient wrote: nobody is quoted a message of another's. */
  const messageOf = (maker: Maker) =>
    line(maker).people.find(({ id }) => id === maker.values.recipient)?.messageId;
  const mediaId = (maker: Maker, isHeader: boolean) => {
    const ofAccount = mediaIds[line(maker).accountId];
    return pick(maker.random, ofAccount?.[kindOf(maker.values, isHeader)] ?? []);
  };
  const field = ({ random, values }: Maker, isHeader: boolean) =>
    `${kindOf(values, isHeader)}${pick(random, [1, 2])}`;
  const address = ({ random }: Maker) => `https://example.com/${Math.floor(random() * 1e6)}`;
  const choose =
    (...items: unknown[]) =>
    ({ random }: Maker) =>
      pick(random, items);
  return {
    account: ({ random }) => ({
      __rl: true,
      mode: pick(random, ['list', 'id']),
      value: pick(random, lines).accountId,
    }),
    recipient: (maker) => pick(maker.random, line(maker).people).id,
    person: (maker) => pick(maker.random, line(maker).people).id,
    reactTo: (maker) => messageOf(maker),
    messageId: (maker) => pick(maker.random, line(maker).people).messageId,
    'message.send.options.replyTo': (maker) => messageOf(maker),
    tenant: choose('default', ''),
    store: choose('instance'),
    cursor: choose(''),
    limit: choose(1, 2, 100),
    url: address,
    headerUrl: address,
    buttonUrl: address,
    websites: choose('https://a.example', 'https://a.example, https://b.example'),
    'message.send.contacts.websites': () => undefined,
    mediaId: (maker) => mediaId(maker, false),
    headerMediaId: (maker) => mediaId(maker, true),
    binaryField: (maker) => field(maker, false),
    headerBinaryField: (maker) => field(maker, true),
    emoji: choose('👍', '❤️', ''),
    flow: choose('1123456789012345', 'ficha_de_saude'),
    flowScreen: choose('', 'WELCOME', 'FORM'),
    flowData: choose('{}', '{ "name": "Ana" }'),
    interactiveJson: choose(
      '{"type":"location_request_message","body":{"text":"Onde?"},"action":{"name":"send_location"}}',
      '{"type":"button","body":{"text":"Oi"},"action":{"buttons":[{"type":"reply","reply":{"id":"1","title":"Oi"}}]}}',
    ),
    catalogId: choose('194836987003835', '194836987003836'),
    productIds: choose('SKU-1', 'SKU-1, SKU-2'),
    number: choose('+55 11 98888-7777', '+55 51 3000-1000'),
    waId: choose('', '5511988887777'),
    'message.send.contacts.emails.address': choose('a@example.com', 'b@example.com'),
    email: choose('a@example.com', 'b@example.com'),
    birthday: choose('', '1990-05-31'),
    pin: choose('123456', '654321'),
    region: choose('BR', 'in'),
    address: () => undefined,
    'webhook.subscribe.address': choose('own', 'dashboard'),
    callbackUrl: choose(...callbackUrls),
    pictureHandle: choose('4:cGlj', '4:Zm90bw'),
    language: choose('pt_BR', 'en_US'),
    headerHandle: choose('4:cGlj', '4:Zm90bw'),
    template: (maker) => templateOf(surroundings, maker),
    fallbackTemplate: (maker) => templateOf(surroundings, maker),
  };
}

/** Names of the templates that can be chosen; read once. */
const keysBySurroundings = new WeakMap<Surroundings, string[]>();

export async function readTemplates(surroundings: Surroundings): Promise<void> {
  const { results } = await surroundings.whatsApp.node.methods.listSearch.searchTemplates.call(
    panelOf(surroundings, {}),
  );
  keysBySurroundings.set(
    surroundings,
    results.map(({ value }) => String(value)),
  );
}

function templateOf(surroundings: Surroundings, { random }: Maker) {
  const keys = keysBySurroundings.get(surroundings) ?? [];
  return { __rl: true, mode: pick(random, ['list', 'name']), value: pick(random, keys) };
}

function panelOf({ whatsApp }: Surroundings, values: IDataObject) {
  const setup = {
    node: whatsApp.node,
    credentials: { whatsAppCloudApi: whatsApp.instance.whatsApp },
  };
  return {
    ...hookContext(setup),
    getCurrentNodeParameter: (name: string) => values[name],
  } as never;
}

/** Fills in the fields that the panel loads for a template. */
export async function fillVariables(
  surroundings: Surroundings,
  { random, values }: { random: () => number; values: IDataObject },
  field: 'template' | 'fallbackTemplate',
): Promise<IDataObject> {
  const { getTemplateVariables, getFallbackVariables } =
    surroundings.whatsApp.node.methods.resourceMapping;
  const load = field === 'template' ? getTemplateVariables : getFallbackVariables;
  const { fields } = await load.call(panelOf(surroundings, values));
  const ofAccount = surroundings.mediaIds[valueOf(values.account)];
  const filled = fields
    .filter(({ id, required }) => id !== 'preview' && (required || random() < 0.5))
    .map(({ id, type }) => [id, variableOf(id, type ?? 'string', random, ofAccount)] as const);
  return {
    mappingMode: 'defineBelow',
    value: Object.fromEntries(filled),
    schema: fields as unknown as IDataObject[],
  };
}

function variableOf(
  slot: string,
  type: string,
  random: () => number,
  mediaIds: Record<FileKind, string[]> | undefined,
): string | number {
  if (type === 'number') return slot.endsWith('latitude') ? -23.5 : -46.6;
  if (type === 'dateTime') return '2027-01-31T23:59:00-03:00';
  const [, file] = /header:(image|video|document)$/.exec(slot) ?? [];
  if (file !== undefined) {
    const kind = (file === 'document' ? 'file' : file) as FileKind;
    return pick(random, [
      `https://example.com/${file}`,
      `${kind}${pick(random, [1, 2])}`,
      ...(mediaIds?.[kind] ?? []),
    ]);
  }
  if (slot.endsWith(':sections')) return '[{ "title": "Populares", "productIds": ["SKU-1"] }]';
  if (slot.endsWith(':flowData')) return '{ "name": "Ana" }';
  if (slot.endsWith(':code')) return pick(random, ['NATAL25', 'SORRISO10']);
  if (slot.endsWith(':url')) return pick(random, ['abc', '123456']);
  return pick(random, ['Ana', 'João', '15:00', 'Dra. Prado']);
}
