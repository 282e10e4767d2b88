import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { signDelivery } from '../../../core/webhooks/signing';
import { findFreePort } from '../../../playground/ports.ts';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import { createTestFolder, type TestFolder } from '../../support/tempFolder.ts';
import { waitFor } from '../../support/waitFor.ts';

const PAGE = fs.readFileSync(path.join(ROOT, 'docs', 'receive-webhooks.md'), 'utf8');
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const PREVIOUS = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const BODY = JSON.stringify({
  event: 'deal.moved',
  timestamp: '2026-11-22T16:14:05.120Z',
  data: { dealId: '4711', toStage: 'ganho ✓ \u00e9' },
});

interface Receiver {
  language: string;
  file: string;
  command: string;
  argumentsFor(file: string, port: number): string[];
}

const RECEIVERS: Receiver[] = [
  {
    language: 'node',
    file: 'receiver.mjs',
    command: process.execPath,
    argumentsFor: (file) => [file],
  },
  {
    language: 'php',
    file: 'receiver.php',
    command: process.env.OMNICHANNEL_TEST_PHP ?? 'php',
    argumentsFor: (file, port) => ['-S', `127.0.0.1:${port}`, file],
  },
  { language: 'python', file: 'receiver.py', command: 'python3', argumentsFor: (file) => [file] },
];

const isInstalled = ({ command }: Receiver) => spawnSync(command, ['--version']).status === 0;
const installed = RECEIVERS.filter(isInstalled);

/** The code below the page's marker for this language. */
function snippet(language: string): string {
  const found = new RegExp(
    `<!-- receiver: ${language} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\``,
  ).exec(PAGE);
  if (!found?.[1]) throw new Error(`The page has no receiver for ${language}.`);
  return found[1];
}

const now = () => Math.floor(Date.now() / 1000);

/** As this package signs. */
const signed = (webhookId: string, timestamp = now(), secrets = [SECRET]) =>
  signDelivery({ secrets, webhookId, timestamp, body: BODY });

it('shows a receiver for each language, and runs those that are installed here', () => {
  for (const { language } of RECEIVERS) expect(snippet(language).length).toBeGreaterThan(500);
  expect(installed.map(({ language }) => language)).toContain('node');
  const absent = RECEIVERS.filter((receiver) => !installed.includes(receiver));
  for (const { language } of absent) {
    process.stderr.write(`The receiver in ${language} was not run: it is not installed here.\n`);
  }
});

describe.each(installed)('the receiver in $language', (receiver) => {
  let folder: TestFolder;
  let url: string;
  let child: ChildProcess;
  let output = '';

  beforeAll(async () => {
    folder = createTestFolder(`omnichannel-receiver-${receiver.language}-`);
    const file = path.join(folder.path, receiver.file);
    fs.writeFileSync(file, snippet(receiver.language));
    const port = await findFreePort();
    url = `http://127.0.0.1:${port}/hook`;
    child = spawn(receiver.command, receiver.argumentsFor(file, port), {
      env: {
        ...process.env,
        PORT: String(port),
        WEBHOOK_SECRET: `${SECRET} ${PREVIOUS}`,
        TMPDIR: folder.path,
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    }
    await waitFor(() => fetch(url, { method: 'POST', body: '' }), {
      what: `the receiver in ${receiver.language}`,
    });
  });

  afterAll(async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
    folder.remove();
  });

  const post = async (headers: Record<string, string>, body = BODY) => {
    const response = await fetch(url, { method: 'POST', headers, body });
    return [response.status, await response.text()];
  };

  it('takes what this package signs and handles it', async () => {
    expect(await post(signed('msg_first'))).toEqual([200, 'new']);
    await waitFor(() => output.includes('deal.moved') && output.includes('4711'), {
      what: 'the handled event',
    });
  });

  it('takes what the reference library of Standard Webhooks signs', async () => {
    const at = new Date();
    const headers = {
      'webhook-id': 'msg_reference',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(SECRET).sign('msg_reference', at, BODY),
    };
    expect(await post(headers)).toEqual([200, 'new']);
  });

  it('takes a call that is signed with the previous secret, and one signed with both', async () => {
    expect(await post(signed('msg_previous', now(), [PREVIOUS]))).toEqual([200, 'new']);
    const strange = 'whsec_' + Buffer.alloc(24, 7).toString('base64');
    expect(await post(signed('msg_both', now(), [strange, SECRET]))).toEqual([200, 'new']);
  });

  it('knows a repeat by its id', async () => {
    await post(signed('msg_repeated'));
    expect(await post(signed('msg_repeated', now() - 5))).toEqual([200, 'repeat']);
  });

  it.each([
    ['nothing', () => ({})],
    ['another secret', () => signed('msg_a', now(), ['whsec_' + 'A'.repeat(32)])],
    ['an old time', () => signed('msg_b', now() - 600)],
    ['a time to come', () => signed('msg_c', now() + 600)],
    ['another id than the signed one', () => ({ ...signed('msg_d'), 'webhook-id': 'msg_other' })],
    ['a time that is none', () => ({ ...signed('msg_e'), 'webhook-timestamp': 'soon' })],
    [
      'a scheme it does not know',
      () => {
        const headers = signed('msg_f');
        const signature = String(headers['webhook-signature']).replace('v1,', 'v2,');
        return { ...headers, 'webhook-signature': signature };
      },
    ],
    [
      'the key read as text',
      () => {
        const timestamp = now();
        const digest = createHmac('sha256', SECRET)
          .update(`msg_g.${timestamp}.${BODY}`)
          .digest('base64');
        return { ...signed('msg_g', timestamp), 'webhook-signature': `v1,${digest}` };
      },
    ],
  ])('refuses a call with %s', async (_what, headers) => {
    expect((await post(headers()))[0]).toBe(401);
  });

  it('refuses a body that was changed on the way', async () => {
    expect((await post(signed('msg_h'), BODY.replace('4711', '4712')))[0]).toBe(401);
  });
});
