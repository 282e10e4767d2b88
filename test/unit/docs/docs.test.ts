import fs from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { EVENT_SCHEMAS } from '../../../core/events';
import { EVENT_TYPES, NOISY_EVENT_TYPES, type EventType } from '../../../core/model';
import { SEED } from '../../../sandbox/seed.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import {
  anchorsOf,
  brokenLinks,
  codeBlocks,
  linksOf,
  picturesOf,
  readPage,
  sectionOf,
  type Page,
} from './support/pages.ts';

const PAGES = ['README.md', 'README.pt-BR.md', 'CONTRIBUTING.md']
  .concat(
    fs
      .readdirSync(path.join(ROOT, 'docs'))
      .filter((file) => file.endsWith('.md'))
      .map((file) => `docs/${file}`),
  )
  .map(readPage);

const DOCS = PAGES.filter(({ file }) => file.startsWith('docs/'));
const page = (file: string): Page => {
  const found = PAGES.find((candidate) => candidate.file === file);
  if (!found) throw new Error(`There is no page ${file}.`);
  return found;
};

describe.each(PAGES.map((one) => [one.file, one] as const))('%s', (_file, one) => {
  it('links to nothing that does not exist', () => {
    expect(brokenLinks(one)).toEqual([]);
  });

  it('describes each of its pictures', () => {
    const silent = picturesOf(one).filter(({ alt }) => alt.length < 20);
    expect(silent).toEqual([]);
  });
});

describe.each(DOCS.map((one) => [one.file, one] as const))('%s', (file, one) => {
  it('shows the running product', () => {
    expect(picturesOf(one).length).toBeGreaterThan(0);
  });

  it('is reached from the index', () => {
    if (file === 'docs/README.md') return;
    expect(linksOf(page('docs/README.md')).map(({ target }) => target.split('#')[0])).toContain(
      path.basename(file),
    );
  });
});

describe('the pictures', () => {
  const folder = path.join(ROOT, 'docs', 'images');
  const used = new Set(
    PAGES.flatMap((one) => picturesOf(one).map(({ target }) => path.basename(target))),
  );

  it.each([...used])('%s is a PNG of less than 300 kB', (name) => {
    const bytes = fs.readFileSync(path.join(folder, name));
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(bytes.length).toBeLessThan(300_000);
  });

  it('are all shown on some page', () => {
    expect(fs.readdirSync(folder).filter((name) => !used.has(name))).toEqual([]);
  });

  it('are all taken from the running product, by "npm run pictures" or by a test in a real n8n', () => {
    const taken = ['pictures', 'e2e'].flatMap((of) => {
      const within = path.join(ROOT, 'test', of);
      const files = fs.readdirSync(within).filter((name) => name.endsWith('.ts'));
      return files.flatMap((file) => {
        const source = fs.readFileSync(path.join(within, file), 'utf8');
        const found = source.matchAll(/(?:savePicture\([\w.]+, |picture: )'([a-z-]+)'/g);
        return [...found].map(([, name]) => `${name}.png`);
      });
    });
    expect([...used].filter((name) => !taken.includes(name))).toEqual([]);
  });
});

describe('every node and credential', () => {
  const REPOSITORY = 'https://github.com/n8n-nodes-omnichannel/n8n-nodes-omnichannel/blob/main/';
  const { n8n } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    n8n: { nodes: string[]; credentials: string[] };
  };

  function expectPage(address: string): void {
    expect(address.startsWith(REPOSITORY)).toBe(true);
    const [file = '', anchor] = address.slice(REPOSITORY.length).split('#');
    const headings = anchorsOf(page(file));
    if (anchor !== undefined) expect(headings).toContain(anchor);
  }

  it.each(n8n.nodes)('%s leads to its pages by "Docs" in the editor', (file) => {
    const codex = path.join(ROOT, file.replace(/^dist\//, '').replace(/\.js$/, '.json'));
    const { resources } = JSON.parse(fs.readFileSync(codex, 'utf8')) as {
      resources: Record<string, Array<{ url: string }>>;
    };
    const addresses = Object.values(resources).flat();
    expect(addresses.length).toBeGreaterThan(0);
    for (const { url } of addresses) expectPage(url);
  });

  it.each(n8n.credentials)('%s leads to its page by "docs" in the editor', (file) => {
    const name = path.basename(file, '.credentials.js');
    const exported = jest.requireActual<Record<string, new () => { documentationUrl: string }>>(
      path.join(ROOT, file),
    );
    const Credential = exported[name];
    if (Credential === undefined) throw new Error(`${file} does not export ${name}.`);
    expectPage(new Credential().documentationUrl);
  });
});

describe('docs/events.md', () => {
  const events = page('docs/events.md');
  const named = (text: string): string[] =>
    [...text.matchAll(/`([a-z]+\.[a-zA-Z]+)`/g)].map(([, type]) => String(type));
  const later = named(sectionOf(events, 'Not yet'));

  it.each([...EVENT_TYPES])('says when %s happens, or that it does not yet', (type) => {
    const rows = events.text.split('\n').filter((line) => line.startsWith(`| \`${type}\` |`));
    expect(rows).toHaveLength(later.includes(type) ? 0 : 1);
  });

  it('names no type that does not exist', () => {
    const known: readonly string[] = EVENT_TYPES;
    expect(later.filter((type) => !known.includes(type))).toEqual([]);
  });

  it('lists as "not yet" nothing that the code makes happen', () => {
    const core = path.join(ROOT, 'core');
    const sources = fs
      .readdirSync(core, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/^(model|events.schemas)/.test(file))
      .map((file) => fs.readFileSync(path.join(core, file), 'utf8'));
    // `connection.*` follows from an account's status: see EVENT_OF_STATUS in core/accounts/status.ts.
    const happening = later.filter(
      (type) =>
        !type.startsWith('connection.') && sources.some((text) => text.includes(`'${type}'`)),
    );
    expect(happening).toEqual([]);
  });

  it('says of exactly the noisy types that they are off', () => {
    const off = events.text
      .split('\n')
      .filter((line) => line.startsWith('| `') && line.includes('**off unless chosen**'))
      .flatMap((line) => named(line).slice(0, 1));
    expect(off.sort()).toEqual([...NOISY_EVENT_TYPES].sort());
  });

  const examples = codeBlocks(events, 'json').map(
    (text) => JSON.parse(text) as { event: EventType },
  );
  const ajv = addFormats(new Ajv2020({ strict: true, allowUnionTypes: true }));

  it.each(examples.map((item) => [item.event, item] as const))(
    'shows a %s as its JSON Schema wants it',
    (type, item) => {
      const validate = ajv.compile(EVENT_SCHEMAS[type]);
      validate(item);
      expect(validate.errors ?? []).toEqual([]);
    },
  );
});

describe('docs/welcome-new-lead.md', () => {
  const commands = codeBlocks(page('docs/welcome-new-lead.md')).filter((text) =>
    text.startsWith('curl'),
  );

  it('has the command of workflows/README.md', () => {
    const bundled = codeBlocks(readPage('workflows/README.md')).filter((text) =>
      text.startsWith('curl'),
    );
    expect(commands).toEqual(expect.arrayContaining(bundled));
    expect(bundled).toHaveLength(1);
  });

  it('names a call that the sandbox takes, from a person it knows', async () => {
    const [command = ''] = commands;
    const sandbox = await startSandbox({ port: 0 });
    try {
      const [, address = ''] = /-X POST (\S+)/.exec(command) ?? [];
      const [, body = ''] = /-d '(.*)'/.exec(command) ?? [];
      const response = await fetch(sandbox.url + new URL(address).pathname, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(response.status).toBe(200);
      const written = await fetch(`${sandbox.url}/_sandbox/messages?persona=Juliana&direction=in`);
      const { data } = (await written.json()) as { data: Array<{ text: string }> };
      expect(data.map(({ text }) => text)).toEqual(['Oi']);
    } finally {
      await sandbox.close();
    }
  });

  it('names every setting of the workflow and nothing else', () => {
    const workflow = JSON.parse(
      fs.readFileSync(path.join(ROOT, 'workflows/welcome-new-lead.json'), 'utf8'),
    ) as {
      nodes: Array<{
        name: string;
        parameters: { assignments?: { assignments: Array<{ name: string }> } };
      }>;
    };
    const settings = workflow.nodes.find(({ name }) => name === 'Settings')?.parameters.assignments;
    const names = settings?.assignments.map(({ name }) => name) ?? [];
    const section = sectionOf(page('docs/welcome-new-lead.md'), 'What you can set');
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    const described = rows.flatMap((row) =>
      [...String(row.split(' | ')[0]).matchAll(/`(\w+)`/g)].map(([, name]) => String(name)),
    );
    expect(described.sort()).toEqual([...names].sort());
  });
});

describe('docs/connect-instagram-and-messenger.md', () => {
  it('gives the callback address and the verify token that the bundled door and the sandbox have', () => {
    const { text } = page('docs/connect-instagram-and-messenger.md');
    const door = fs.readFileSync(path.join(ROOT, 'workflows/inbound-channels.json'), 'utf8');
    const [, webhookId] = /"webhookId": "([0-9a-f-]+)"/.exec(door) ?? [];
    expect(text).toContain(`/webhook/${webhookId}/meta`);
    expect(text).toContain(`"verifyToken": "${SEED.verifyToken}"`);
  });
});
