import { parseArgs } from 'node:util';
import { UsageFailure } from './failure';

export type Language = 'pt-BR' | 'en';

export interface Options {
  action: 'help' | 'version' | 'list' | 'install' | 'export';
  /** Of workflows; `all` stands for every one. */
  names: string[];
  /** Where n8n answers, without a slash at the end. */
  url: string;
  apiKey: string | undefined;
  language: Language | undefined;
  publish: boolean;
  dryRun: boolean;
  force: boolean;
  /** Names or ids of credentials, by their type. */
  credentials: Map<string, string>;
  /** Where `export` writes. */
  folder: string;
}

export const USAGE = `Brings the ready-made workflows of n8n-nodes-omnichannel into your n8n.

  n8n-nodes-omnichannel workflows list                    what there is, and what your n8n has of it
  n8n-nodes-omnichannel workflows install <names|all>     creates them, or brings them up to date
  n8n-nodes-omnichannel workflows export <names|all>      writes the files, to import them by hand

  --url <address>              of n8n (default $N8N_URL, else http://localhost:5678)
  --api-key <key>              made in n8n under Settings, n8n API (better: $N8N_API_KEY)
  --publish                    publish what was installed
  --language <pt-BR|en>        the language of the texts that are sent
  --credential <type>=<name>   which credential its nodes take, by name or id; may be repeated.
                               Without it: the only one of its type
  --dry-run                    say what would be done, and do nothing
  --force                      also take back changes to the nodes of a workflow
  --folder <folder>            of export (default .)
  -h, --help                   this text
  -v, --version                the version of this package
`;

/**
 * Reads the command line.
 * @param args without node and the script's name
 * @throws UsageFailure
 */
export function parseOptions(args: string[], env: NodeJS.ProcessEnv): Options {
  const { values, positionals } = readArguments(args);
  const [room, action, ...names] = positionals;
  return {
    action: values.version ? 'version' : readAction(room, action, values.help),
    names,
    url: readUrl(values.url ?? env.N8N_URL ?? 'http://localhost:5678'),
    apiKey: (values['api-key'] ?? env.N8N_API_KEY) || undefined,
    language: readLanguage(values.language),
    publish: values.publish,
    dryRun: values['dry-run'],
    force: values.force,
    credentials: new Map(values.credential.map((text) => readCredential(text))),
    folder: values.folder,
  };
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        'api-key': { type: 'string' },
        language: { type: 'string' },
        publish: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        credential: { type: 'string', multiple: true, default: [] },
        folder: { type: 'string', default: '.' },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', short: 'v', default: false },
      },
    });
  } catch (error) {
    throw new UsageFailure(error instanceof Error ? error.message : String(error));
  }
}

function readAction(
  room: string | undefined,
  action: string | undefined,
  help: boolean,
): Options['action'] {
  if (help || room === undefined) return 'help';
  if (room !== 'workflows') throw new UsageFailure(`There is no command "${room}".`);
  if (action === 'list' || action === 'install' || action === 'export') return action;
  throw new UsageFailure(
    action === undefined ? 'Say what to do with them.' : `There is no command "${room} ${action}".`,
  );
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageFailure(`--url must be like https://n8n.example.com, not "${text}".`);
  }
  // What people copy: the editor's address, or that of its API.
  const path = url.pathname
    .replace(/\/+$/, '')
    .replace(/\/(api(\/v1)?|home\/.*|workflows?(\/.*)?)$/, '');
  return url.origin + path;
}

function readLanguage(text: string | undefined): Language | undefined {
  if (text === undefined || text === 'pt-BR' || text === 'en') return text;
  throw new UsageFailure(`--language must be pt-BR or en, not "${text}".`);
}

function readCredential(text: string): [string, string] {
  const [, type, name] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (type === undefined || name === undefined) {
    throw new UsageFailure(
      `--credential must be like whatsAppCloudApi="My clinic", not "${text}".`,
    );
  }
  return [type, name];
}
