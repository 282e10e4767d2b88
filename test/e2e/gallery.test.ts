import http from 'node:http';
import { bundledWorkflows } from '../../playground/workflows.ts';
import { commandsOf, runCommand } from '../support/docCommands.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { waitFor } from '../support/waitFor.ts';

const COMMANDS = commandsOf('workflows.md');
const blocksOf = (page: string) => [...commandsOf(page).values()].flat();
/** The commands that this test runs and looks at. */
const TRIED = new Set([...COMMANDS.values()].flat());
/** Pages with commands of their own, which have to be taken by what runs there. */
const OTHERS = ['whatsapp-templates.md', 'playground.md'];

/** Who gets what, whether freely or as a template of WhatsApp. */
const EXPECTED: Array<[name: string, person: string, says: RegExp]> = [
  ['welcome-new-lead', 'Juliana', /automátic/],
  ['appointment-confirmation', 'Ana', /está marcada|confirmacao_consulta/],
  ['appointment-reminder-24h', 'Ana', /Lembramos|lembrete_consulta_24h/],
  ['post-procedure-documents', 'Ana', /orientacoes\.pdf|documento|documentos_pos_procedimento/],
  ['feedback-request', 'Ana', /Como foi|pesquisa_atendimento/],
  ['birthday-greeting', 'Ana', /Feliz aniversário|aniversario_cliente/],
  ['lead-follow-up', 'Mariana', /conversa parou|retomada_contato/],
];

const JOURNEYS = EXPECTED.filter(([name]) => bundledWorkflows().includes(name));

let playground: TestPlayground;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'gallery', workflows: 'all' });
  // A Monday: marketing has no hours on Sundays, and the commands take the clock through the week.
  const monday = new Date(playground.clock.now());
  monday.setUTCDate(monday.getUTCDate() + ((8 - monday.getUTCDay()) % 7 || 7));
  await playground.clock.set(`${monday.toISOString().slice(0, 10)}T08:00:00-03:00`);
});

afterAll(() => playground?.remove());

const test = testWith(() => playground);

/** What the clinic wrote to a person of this first name since a moment of the sandbox. */
function writtenTo(person: string, since: number): string[] {
  const { messages, personas } = playground.sandbox.context.store.state;
  return Object.values(messages)
    .filter(({ direction, createdAt }) => direction === 'out' && createdAt >= since)
    .filter(({ personaId }) => personas[personaId]?.firstName.startsWith(person))
    .map((message) => JSON.stringify(message));
}

/** What the workflow did and what the person read instead. */
async function storyOf(name: string, person: string, since: number): Promise<string> {
  const { api, setup } = playground;
  const runs = await api.listExecutions(setup.workflowIds[name] ?? '', true);
  const told = runs.map(({ status, data }) => {
    const reasons = JSON.stringify(data ?? '').match(/"(reason|detail|message)":"[^"]+"/g) ?? [];
    return `${status} ${[...new Set(reasons)].join(' ')}`;
  });
  const read = writtenTo(person, since).map((text) => text.slice(0, 300));
  return `${name} did not reach ${person}. Runs: ${told.join('; ')}. Read: ${read.join('; ')}`;
}

describe('the commands of the gallery', () => {
  it('are there for every journey that has a file', () => {
    const names = JOURNEYS.map(([name]) => name);
    for (const name of names) expect([name, COMMANDS.get(name)?.length]).toEqual([name, 1]);
  });

  it.each(JOURNEYS.map(([name]) => name))('are those of the page of %s, too', (name) => {
    const [first] = COMMANDS.get(name) ?? [];
    expect(blocksOf(`${name}.md`)).toContain(first);
  });

  for (const [name, person, says] of JOURNEYS) {
    test(`set ${name} off: ${person} reads it on the phone`, async (now) => {
      const since = now.clock.now();
      if (name === 'welcome-new-lead') {
        for (const block of COMMANDS.get('Before the first journey') ?? []) {
          await runCommand(block, now);
        }
      }
      for (const block of COMMANDS.get(name) ?? []) await runCommand(block, now);
      // What a page has besides, such as reading what was sent.
      for (const block of blocksOf(`${name}.md`).filter((one) => !TRIED.has(one))) {
        await runCommand(block, now);
      }
      await waitFor(() => writtenTo(person, since).some((text) => says.test(text)), {
        what: `${name} to reach ${person}`,
      }).catch(async (error: unknown) => {
        throw new Error(await storyOf(name, person, since), { cause: error });
      });
    });
  }
});

describe('the commands of other pages', () => {
  for (const page of OTHERS) {
    test(`are taken: ${page}`, async (now) => {
      const blocks = blocksOf(page);
      expect(blocks.length).toBeGreaterThan(1);
      for (const block of blocks) await runCommand(block, now);
    });
  }
});

/** The status of a call to the clinic's own system from this address of the machine. */
function calledFrom(localAddress: string): Promise<number | undefined> {
  const url = `${playground.n8n.baseUrl}/webhook/clinic/contact`;
  return new Promise((resolve, reject) => {
    const call = http.request(url, { method: 'POST', localAddress }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    call.once('error', reject);
    call.end();
  });
}

describe("the clinic's own system", () => {
  // Elsewhere than on Linux a machine has no such address to call from.
  const OTHER = process.platform === 'linux' ? ['127.0.0.2'] : [];

  test('answers this machine, and refuses who calls from another address', async () => {
    for (const address of OTHER) expect(await calledFrom(address)).toBe(403);
    expect(await calledFrom('127.0.0.1')).not.toBe(403);
  });
});
