import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  NodeHelpers,
  type ICredentialType,
  type INodeProperties,
  type INodeType,
} from 'n8n-workflow';
import { EVENT_TYPES } from '../../core/model';

const ROOT = path.resolve(__dirname, '../..');

interface Manifest {
  name: string;
  n8n: { nodes: string[]; credentials: string[] };
}
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** The one class of a file, made the way n8n makes it: named like the file. */
function instanceOf<T>(file: string): T {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- what n8n does with the listed files
  const module = require(path.join(ROOT, file)) as Record<string, new () => T>;
  const Class = module[path.basename(file).split('.')[0] ?? ''];
  if (!Class) throw new Error(`${file} does not export a class of its name.`);
  return new Class();
}

/** Source of a compiled file: icons and codex lie beside both. */
const sourceOf = (file: string) =>
  path.join(ROOT, file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));

const nodes = manifest.n8n.nodes.map((file) => ({ file, node: instanceOf<INodeType>(file) }));
const credentials = manifest.n8n.credentials.map((file) => ({
  file,
  credential: instanceOf<ICredentialType>(file),
}));

/** Whether the node works without any credential: the only one is of another store, chosen under Options. */
const needsNone = ({ description: { credentials = [] } }: INodeType) =>
  credentials.length > 0 &&
  credentials.every(({ displayOptions }) => displayOptions?.show?.['options.store'] !== undefined);

describe.each(nodes.filter(({ node }) => needsNone(node)))('the lists of $file', ({ node }) => {
  it('are loaded by the editor although no credential is chosen', () => {
    const lists = node.description.properties.flatMap(({ name, modes = [] }) =>
      modes.filter(({ type }) => type === 'list').map((mode) => ({ name, ...mode.typeOptions })),
    );
    const others = lists.filter((list) => list.skipCredentialsCheckInRLC !== true);
    expect(others.map(({ name }) => name)).toEqual([]);
  });
});

function mustHaveIcons(file: string, icon: unknown) {
  const { light, dark } = icon as { light: string; dark: string };
  expect(light).not.toBe(dark);
  for (const name of [light, dark]) {
    const svg = path.join(path.dirname(sourceOf(file)), name.replace(/^file:/, ''));
    expect(existsSync(svg)).toBe(true);
    expect(readFileSync(svg, 'utf8')).toContain('viewBox="0 0 64 64"');
  }
}

const HEAVY =
  /node_modules\/(kysely|undici|pg|pg-[a-z]+|luxon|libphonenumber-js|baileys|ipaddr\.js)\//;

/** What a fresh process has loaded after these statements. */
function loadedBy(statements: string[]): { modules: string[]; builtins: string[] } {
  const report =
    'console.log(JSON.stringify({ modules: Object.keys(require.cache), builtins: process.moduleLoadList }));';
  const answer = execFileSync(process.execPath, ['-e', [...statements, report].join('\n')], {
    encoding: 'utf8',
    cwd: ROOT,
  });
  return JSON.parse(answer) as { modules: string[]; builtins: string[] };
}

describe('the package as n8n loads it', () => {
  it('loads none of the heavy libraries with its node and credential files', () => {
    const files = [...manifest.n8n.nodes, ...manifest.n8n.credentials].map((file) =>
      path.join(ROOT, file),
    );
    const { modules, builtins } = loadedBy(
      files.map((file) => `require(${JSON.stringify(file)});`),
    );
    // n8n has loaded its own library, and with it luxon, long before.
    const host = new Set(loadedBy(["require('n8n-workflow');"]).modules);
    const loaded = modules.filter((file) => !host.has(file));
    expect(loaded.filter((file) => HEAVY.test(file))).toEqual([]);
    expect(loaded.filter((file) => /dist\/core\/(?!model\/)/.test(file))).toEqual([]);
    expect(builtins.filter((name) => name.includes('sqlite'))).toEqual([]);
  });

  it('offers the nodes and credentials of the contract under their names', () => {
    expect(nodes.map(({ node }) => node.description.name).sort()).toEqual([
      'connectPortalTrigger',
      'customerJourneyTrigger',
      'googleCalendarServiceAccount',
      'metaMessaging',
      'metaMessagingTrigger',
      'notificaMe',
      'notificaMeTrigger',
      'omnichannel',
      'omnichannelTrigger',
      'rateLimiter',
      'signedWebhookTrigger',
      'webhookDelivery',
      'whatsAppCloud',
      'whatsAppCloudTrigger',
    ]);
    const fields = (name: string) =>
      credentials
        .find(({ credential }) => credential.name === name)
        ?.credential.properties.filter(({ type }) => type !== 'notice')
        .map((property) => property.name)
        .sort();
    expect(fields('metaAccessTokenApi')).toEqual(
      'accessToken appId appSecret graphBaseUrl graphVersion instagramAppSecret pageId verifyToken'.split(
        ' ',
      ),
    );
    expect(fields('metaOAuth2Api')).toEqual(
      expect.arrayContaining(
        'clientId clientSecret dialogBaseUrl graphBaseUrl graphVersion instagramAppId instagramAppSecret instagramDialogBaseUrl instagramGraphBaseUrl instagramTokenBaseUrl scope verifyToken'.split(
          ' ',
        ),
      ),
    );
    expect(fields('notificaMeApi')).toEqual(
      expect.arrayContaining(['apiToken', 'baseUrl', 'profile', 'webhookSecret']),
    );
    expect(fields('whatsAppCloudApi')).toEqual(
      'accessToken appSecret businessAccountId graphBaseUrl graphVersion phoneNumberId verifyToken'.split(
        ' ',
      ),
    );
    expect(fields('googleServiceAccountApi')).toEqual(
      'calendarBaseUrl calendarId clientEmail delegatedUser privateKey timezone tokenUrl'.split(
        ' ',
      ),
    );
    expect(fields('signedWebhookApi')).toEqual(['previousSecret', 'secret']);
    expect(fields('omnichannelStoreApi')).toEqual(
      'database encryptionKey filePath host password port schema ssl storage user'.split(' '),
    );
  });

  it.each(nodes)(
    '$node.description.displayName has icons, codex file and a test for each credential',
    ({ file, node }) => {
      const { description } = node;
      mustHaveIcons(file, description.icon);
      const codex = JSON.parse(readFileSync(sourceOf(file).replace(/\.ts$/, '.json'), 'utf8')) as {
        node: string;
      };
      expect(codex.node).toBe(`${manifest.name}.${description.name}`);
      expect(description.subtitle).toBeTruthy();
      const isTrigger = description.group.includes('trigger');
      expect(Boolean(description.usableAsTool)).toBe(!isTrigger);
      for (const { name, testedBy } of description.credentials ?? []) {
        const type = credentials.find(({ credential }) => credential.name === name)?.credential;
        expect(type).toBeDefined();
        // n8n offers no test for OAuth2: `connection: check` is it.
        if (type?.extends?.includes('oAuth2Api')) continue;
        expect(node.methods?.credentialTest).toHaveProperty(testedBy as string);
      }
    },
  );

  it.each(credentials)(
    '$credential.displayName has icons and belongs to our nodes alone',
    ({ file, credential }) => {
      mustHaveIcons(file, credential.icon);
      expect(credential.restrictToSupportedNodes).toBe(true);
      for (const property of credential.properties) {
        const isSecret = /(token|secret|password|key)$/i.test(property.name);
        expect([property.name, Boolean(property.typeOptions?.password)]).toEqual([
          property.name,
          isSecret,
        ]);
      }
    },
  );

  it.each(nodes)(
    '$node.description.displayName shows no two fields of one name at once',
    ({ node }) => {
      const { properties } = node.description;
      const defaults = NodeHelpers.getNodeParameters(
        properties,
        {},
        true,
        false,
        null,
        node.description,
      );
      const values = defaults ?? {};
      const shown = properties.filter((property: INodeProperties) =>
        NodeHelpers.displayParameter(values, property, null, node.description),
      );
      const names = shown.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names).toContain('options');
    },
  );

  it('describes an action and its trigger alike, because the editor shows the two as one entry', () => {
    const descriptionOf = new Map(
      nodes.map(({ node }) => [node.description.displayName, node.description.description]),
    );
    const pairs = [...descriptionOf.keys()].filter((name) => descriptionOf.has(`${name} Trigger`));
    expect(pairs).toEqual(expect.arrayContaining(['Omnichannel', 'Instagram and Messenger']));
    for (const name of pairs) {
      expect(descriptionOf.get(`${name} Trigger`)).toBe(descriptionOf.get(name));
    }
  });

  it('offers every event type of the log exactly once', () => {
    const trigger = nodes.find(({ node }) => node.description.name === 'omnichannelTrigger')?.node;
    const events = trigger?.description.properties.find(({ name }) => name === 'events');
    const values = (events?.options ?? []).map((option) => ('value' in option ? option.value : ''));
    expect([...values].sort()).toEqual([...EVENT_TYPES].sort());
  });

  it('shows the credential of a second store only when the option asks for it', () => {
    for (const { node } of nodes) {
      const store = node.description.credentials?.find(
        ({ name }) => name === 'omnichannelStoreApi',
      );
      if (!store) throw new Error('The node offers no second store.');
      const isShown = (options: object) =>
        NodeHelpers.displayParameter({ options } as never, store, null, node.description);
      expect([
        isShown({}),
        isShown({ store: 'instance' }),
        isShown({ store: 'credential' }),
      ]).toEqual([false, false, true]);
    }
  });
});
