import type { Browser } from 'playwright-core';
import { HUB_SEED } from '../../sandbox/notificame/seed.ts';
import { launchBrowser } from '../support/browser.ts';
import {
  approveTemplates,
  call,
  publishBundled,
  publishCalls,
} from '../support/aftercareWorkflows.ts';
import {
  control,
  newCustomer,
  receivedBy,
  untilAccepted,
  write,
  type Customer,
  type Written,
} from '../support/customers.ts';
import { startTestPlayground, testWith, type TestPlayground } from '../support/n8n.ts';
import { openPhone } from '../support/phone.ts';
import { savePicture } from '../support/pictures.ts';
import { signInToEditor, untilDrawn } from '../support/editor.ts';
import { readEmbeddedStore } from '../support/storeReader.ts';
import { waitFor } from '../support/waitFor.ts';
import { isUnderWay } from '../support/webhookWorkflows.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const ANA: Customer = { id: '5511988887777', channel: 'whatsapp' };
/** Of the staff. */
const MARCOS: Customer = { id: '551188886666', channel: 'whatsapp' };
/** Channel and person at the hub; its WhatsApp has somebody whom Meta's own account does not know. */
const HUB_WHATSAPP = [HUB_SEED.whatsAppChannelId, '5511955554444'] as const;
const HUB_INSTAGRAM = [HUB_SEED.instagramChannelId, HUB_SEED.instagramPersonId] as const;
const HUB_MESSENGER = [HUB_SEED.messengerChannelId, HUB_SEED.messengerPersonId] as const;
const HUB_TELEGRAM = [HUB_SEED.telegramChannelId, HUB_SEED.telegramPersonId] as const;
const HUB = [HUB_WHATSAPP, HUB_INSTAGRAM, HUB_MESSENGER, HUB_TELEGRAM];

let playground: TestPlayground;
let browser: Browser;
let documents: string;
let feedback: string;
const test = testWith(() => playground);
let onInstagram: Customer;
let onMessenger: Customer;

beforeAll(async () => {
  playground = await startTestPlayground({ name: 'aftercare' });
  browser = await launchBrowser();
  await approveTemplates(playground);
  await publishCalls(playground.api);
  await call(playground, 'settings');
  documents = await publishBundled(playground, 'post-procedure-documents', {});
  feedback = await publishBundled(playground, 'feedback-request', {
    staffNumber: '+55 11 8888-6666',
  });
  const { sandbox } = playground;
  onInstagram = await newCustomer(sandbox, 'instagram');
  onMessenger = await newCustomer(sandbox, 'messenger');
});

afterAll(async () => {
  await browser?.close();
  await playground?.remove();
});

const everybody = () => [
  onInstagram.id,
  onMessenger.id,
  ANA.id,
  ...HUB.map(([, personId]) => personId),
];

/** Everybody of Meta's own channels and of the hub writes: their windows are open for a day. */
async function everybodyWrites(): Promise<void> {
  const { sandbox } = playground;
  for (const person of [onInstagram, onMessenger, ANA, MARCOS]) await write(sandbox, person, 'Oi');
  for (const [channelId, personId] of HUB) {
    await control(sandbox, 'POST', '/notificame/messages', { channelId, personId, text: 'Oi' });
  }
  for (const id of everybody()) await contactOf(id);
}

/** Our id of somebody whom an account knows by this id. */
async function contactOf(externalId: string): Promise<string> {
  const store = readEmbeddedStore(playground.dataDir);
  const rows = await waitFor(
    async () => {
      const found = await store.rows(
        `select contact_id from contact_identities where external_id = '${externalId}'`,
      );
      return found.length > 0 && found;
    },
    { what: `the contact of ${externalId}` },
  );
  return String(rows[0]?.contact_id);
}

let visits = 0;
/** An appointment that ends in a minute. @returns its id */
async function visitOf(externalId: string, title = 'Limpeza – retorno'): Promise<string> {
  visits += 1;
  const now = playground.clock.now();
  const { appointmentId } = await call(playground, 'visit', {
    row: `visit-${visits}`,
    title,
    start: new Date(now - 30 * MINUTE_MS).toISOString(),
    end: new Date(now + MINUTE_MS).toISOString(),
    contactId: await contactOf(externalId),
  });
  return String(appointmentId);
}

/** The outcomes of the runs of a workflow that tell of this appointment, each as text. */
async function outcomesOf(workflow: string, appointmentId: string): Promise<string[]> {
  const runs = await playground.api.listExecutions(workflow, true);
  return runs
    .filter(({ status }) => !isUnderWay(status))
    .map(({ data }) => JSON.stringify(data ?? ''))
    .filter((text) => text.includes(appointmentId));
}

const untilRun = (workflow: string, appointmentId: string) =>
  waitFor(
    async () => {
      const [text] = await outcomesOf(workflow, appointmentId);
      return text;
    },
    {
      what: `a run for the appointment ${appointmentId}`,
    },
  );

/** What of the clinic's messages to somebody is meant, without greetings of other workflows. */
const filesTo = (person: Customer) =>
  receivedBy(playground.sandbox, person).flatMap(({ attachments, whatsApp }) => {
    const urls = attachments.flatMap(({ url }) => (url?.includes('clinica.example') ? [url] : []));
    if (urls.length > 0) return urls;
    const text = JSON.stringify(whatsApp ?? '');
    return [...text.matchAll(/https:\/\/clinica\.example\/[a-z.]+/g)]
      .slice(0, 1)
      .map(([url]) => url);
  });

const hubMessagesTo = (personId: string) =>
  playground.sandbox.context.store.state.notificaMe.messages
    .filter((one) => one.personId === personId && one.direction === 'OUT')
    .map(({ contents }) => JSON.stringify(contents));

const hubFilesTo = (personId: string) =>
  hubMessagesTo(personId).filter((text) => text.includes('clinica.example'));

const GUIDE = 'https://clinica.example/guia.pdf';
const RECEIPT = 'https://clinica.example/recibo.docx';

describe('the two workflows on the canvas of n8n', () => {
  test('are drawn whole, with every node known', async () => {
    const page = await signInToEditor(browser, playground);
    const canvases = [
      {
        name: 'post-procedure-documents',
        id: documents,
        last: 'What became of it',
        picture: 'editor-post-procedure-documents',
      },
      {
        name: 'feedback-request',
        id: feedback,
        last: 'Hand over to a person',
        picture: 'editor-feedback-request',
      },
    ];
    for (const { name, id, last, picture } of canvases) {
      await page.goto(`${playground.n8n.baseUrl}/workflow/${id}`);
      await page.getByText(last, { exact: true }).waitFor();
      await untilDrawn(page, name);
      await savePicture(page, picture);
    }
    await page.close();
  });
});

describe('the documents after a procedure', () => {
  test('arrive an hour after the end on every channel whose window is open, each once', async () => {
    await everybodyWrites();
    const ids = new Map<string, string>();
    for (const id of everybody()) ids.set(id, await visitOf(id));
    const consultation = await visitOf(ANA.id, 'Consulta');
    await playground.clock.advance(62 * MINUTE_MS);
    for (const id of ids.values()) await untilRun(documents, id);
    await untilRun(documents, consultation);

    expect(filesTo(onMessenger)).toEqual([GUIDE, RECEIPT]);
    expect(filesTo(ANA)).toEqual([GUIDE, RECEIPT]);
    // Instagram takes PDF alone; who has no other channel gets the rest from a person.
    expect(filesTo(onInstagram)).toEqual([GUIDE]);
    expect(await untilRun(documents, ids.get(onInstagram.id) ?? '')).toContain(
      'does not take \\"application/vnd.openxmlformats',
    );
    expect(hubFilesTo(HUB_WHATSAPP[1])).toHaveLength(2);
    expect(hubFilesTo(HUB_MESSENGER[1])).toHaveLength(2);
    expect(hubFilesTo(HUB_TELEGRAM[1])).toHaveLength(2);
    expect(hubFilesTo(HUB_INSTAGRAM[1])).toHaveLength(1);

    const phone = await openPhone(browser, playground.sandbox, ANA);
    await phone.received
      .filter({ hasText: 'Segue o documento do seu atendimento' })
      .first()
      .waitFor();
    await phone.received.filter({ hasText: 'guia.pdf' }).first().waitFor();
    await savePicture(phone.page, 'phone-post-procedure-documents');
    await phone.close();
  });

  test('go as the approved template where the window is closed, or say why not', async () => {
    await playground.clock.advance(25 * HOUR_MS);
    const before = filesTo(ANA).length;
    const instagram = await visitOf(onInstagram.id);
    const messenger = await visitOf(onMessenger.id);
    const others = [];
    for (const id of [ANA.id, HUB_WHATSAPP[1], HUB_TELEGRAM[1]]) others.push(await visitOf(id));
    await playground.clock.advance(62 * MINUTE_MS);
    for (const id of [instagram, messenger, ...others]) await untilRun(documents, id);

    const sent = receivedBy(playground.sandbox, ANA).filter(({ whatsApp }) =>
      JSON.stringify(whatsApp ?? '').includes('documentos_pos_procedimento'),
    );
    expect(sent).toHaveLength(2);
    expect(JSON.stringify(sent[0]?.whatsApp)).toContain(GUIDE);
    expect(filesTo(ANA)).toHaveLength(before + 2);
    for (const id of [instagram, messenger]) {
      expect(await untilRun(documents, id)).toContain('window_closed');
    }
    expect(filesTo(onInstagram)).toHaveLength(1);
    expect(filesTo(onMessenger)).toHaveLength(2);
    expect(hubMessagesTo(HUB_WHATSAPP[1]).join()).toContain('documentos_pos_procedimento');
    // Telegram closes no window.
    expect(hubFilesTo(HUB_TELEGRAM[1])).toHaveLength(4);
  });

  test('do not go after a visit that was cancelled, nor to who wants no messages', async () => {
    await everybodyWrites();
    const [first, second] = [filesTo(onMessenger).length, filesTo(onInstagram).length];
    await visitOf(onMessenger.id);
    await call(playground, 'cancel', { row: `visit-${visits}` });
    const after = await visitOf(onMessenger.id, 'Consulta');
    await call(playground, 'optOut', { contactId: await contactOf(onInstagram.id) });
    await visitOf(onInstagram.id);
    await playground.clock.advance(62 * MINUTE_MS);
    await untilRun(documents, after);
    expect([filesTo(onMessenger).length, filesTo(onInstagram).length]).toEqual([first, second]);
  });
});

const QUESTION = 'Como foi o seu último atendimento';

const askedOn = (person: Customer) =>
  receivedBy(playground.sandbox, person).filter((message) =>
    JSON.stringify([message.text, message.whatsApp]).includes(QUESTION),
  );

async function ratingOf(appointmentId: string): Promise<Record<string, unknown> | undefined> {
  const store = readEmbeddedStore(playground.dataDir);
  const rows = await store.rows(
    `select rating, comment, contact_id from ratings where appointment_id = '${appointmentId}'`,
  );
  return rows[0];
}

const untilRated = (appointmentId: string, rating: number, comment?: string) =>
  waitFor(
    async () => {
      const kept = await ratingOf(appointmentId);
      return kept?.rating === rating && (comment === undefined || kept.comment === comment);
    },
    { what: `the rating ${rating}` },
  );

/** Ana's conversation is in the hands of a person, for this reason. */
const untilHandedOver = (reason: string) =>
  waitFor(
    async () => {
      const store = readEmbeddedStore(playground.dataDir);
      const rows = await store.rows(
        `select 1 from events where type = 'conversation.handover' and payload like '%"reason":"${reason}"%'`,
      );
      return rows.length > 0;
    },
    { what: `the hand-over for "${reason}"` },
  );

const untilText = (person: Customer, text: string) =>
  waitFor(() => receivedBy(playground.sandbox, person).some((one) => one.text?.includes(text)), {
    what: `"${text}" to ${person.id}`,
  });

describe('the question how a visit was', () => {
  let onPhone: Customer;
  let visit: string;

  test('comes a day later, and the tapped rating is kept and thanked for', async () => {
    onPhone = await newCustomer(playground.sandbox, 'messenger');
    await write(playground.sandbox, onPhone, 'Oi');
    visit = await visitOf(onPhone.id, 'Consulta');
    const throughHub = await visitOf(HUB_INSTAGRAM[1], 'Consulta');
    const onTelegram = await visitOf(HUB_TELEGRAM[1], 'Consulta');
    await playground.clock.advance(23 * HOUR_MS);
    const { deliveryIds } = await write(playground.sandbox, onPhone, 'Obrigada!');
    for (const id of deliveryIds) await untilAccepted(playground.sandbox, id);
    await control(playground.sandbox, 'POST', '/notificame/messages', {
      channelId: HUB_INSTAGRAM[0],
      personId: HUB_INSTAGRAM[1],
      text: 'Obrigado!',
    });
    const phone = await openPhone(browser, playground.sandbox, onPhone);
    await playground.clock.advance(HOUR_MS + 2 * MINUTE_MS);
    await phone.received.filter({ hasText: QUESTION }).waitFor();
    expect(await phone.quickReplies.allTextContents()).toEqual([
      '5 - Ótimo',
      '4 - Bom',
      '3 - Regular',
      '2 - Ruim',
      '1 - Péssimo',
    ]);
    await phone.quickReplies.filter({ hasText: '5 - Ótimo' }).click();
    await phone.received.filter({ hasText: 'Obrigado pela sua avaliação!' }).waitFor();
    await savePicture(phone.page, 'phone-feedback-request');
    await phone.close();
    await untilRated(visit, 5);
    expect(askedOn(onPhone)).toHaveLength(1);
    await untilRun(feedback, throughHub);
    expect(hubMessagesTo(HUB_INSTAGRAM[1]).join()).toContain(`FEEDBACK:${throughHub}:5`);
    // What nobody can tap is not asked.
    expect(await untilRun(feedback, onTelegram)).toContain('Not asked: no buttons there');
    expect(hubMessagesTo(HUB_TELEGRAM[1]).join()).not.toContain(QUESTION);
  });

  /** Until it is stored: of two taps that are under way together either may be the later one. */
  const taps = async (person: Customer, appointmentId: string, rating: number, label: string) => {
    const { sandbox } = playground;
    const { deliveryIds } = await control<Written>(sandbox, 'POST', '/inject', {
      persona: person.id,
      channel: person.channel,
      text: label,
      quickReply: `FEEDBACK:${appointmentId}:${rating}`,
    });
    for (const id of deliveryIds) await untilAccepted(sandbox, id);
  };

  test('counts another tap in the place of the first, and the same one not again', async () => {
    const thanks = () =>
      receivedBy(playground.sandbox, onPhone).filter(({ text }) => text?.includes('avaliação!'));
    await taps(onPhone, visit, 5, '5 - Ótimo');
    await taps(onPhone, visit, 4, '4 - Bom');
    await untilRated(visit, 4);
    await untilRun(feedback, `FEEDBACK:${visit}:4`);
    expect(thanks()).toHaveLength(2);
  });

  test('keeps nothing for the visit of somebody else', async () => {
    const stranger = await newCustomer(playground.sandbox, 'messenger');
    await write(playground.sandbox, stranger, 'Oi');
    await contactOf(stranger.id);
    await taps(stranger, visit, 1, '1 - Péssimo');
    await waitFor(
      async () => {
        const runs = await playground.api.listExecutions(feedback, true);
        return runs.some(
          ({ status, data }) =>
            status === 'error' && JSON.stringify(data).includes('somebody else'),
        );
      },
      { what: 'the run that is refused' },
    );
    expect((await ratingOf(visit))?.rating).toBe(4);
  });

  test('goes as the approved template on WhatsApp where the window is closed, and a low rating alerts the staff, asks, and keeps the words', async () => {
    // Two days ago: their window is closed, too, when they are alerted.
    await write(playground.sandbox, MARCOS, 'Bom dia, equipe');
    await playground.clock.advance(25 * HOUR_MS);
    const low = await visitOf(ANA.id, 'Consulta');
    await playground.clock.advance(24 * HOUR_MS + 2 * MINUTE_MS);
    await untilRun(feedback, low);
    const question = await waitFor(
      () =>
        receivedBy(playground.sandbox, ANA).find(({ whatsApp }) =>
          JSON.stringify(whatsApp ?? '').includes(`FEEDBACK:${low}:2`),
        ),
      { what: 'the template on WhatsApp' },
    );
    await control(playground.sandbox, 'POST', '/inject', {
      kind: 'templateReply',
      channel: 'whatsapp',
      persona: ANA.id,
      mid: question.mid,
      index: 3,
    });
    await untilRated(low, 2);
    await waitFor(
      () =>
        receivedBy(playground.sandbox, MARCOS).find((message) => {
          const whole = JSON.stringify(message);
          return ['aviso_equipe', 'nota 2 de 5', 'Ana'].every((words) => whole.includes(words));
        }),
      { what: 'the template that alerts the staff' },
    );
    await untilText(ANA, 'O que podemos melhorar?');
    await write(playground.sandbox, ANA, 'Esperei quarenta minutos');
    await untilRated(low, 2, 'Esperei quarenta minutos');
    await untilText(ANA, 'Uma pessoa da nossa equipe vai ler');
    await untilHandedOver('low rating');
  });

  test('is not put to who cancelled, whose window is closed elsewhere, or who talks to a person', async () => {
    const asked = () => [askedOn(onMessenger).length, askedOn(ANA).length];
    const before = asked();
    await visitOf(onMessenger.id, 'Consulta');
    await call(playground, 'cancel', { row: `visit-${visits}` });
    const closed = await visitOf(onMessenger.id, 'Consulta');
    const handedOver = await visitOf(ANA.id, 'Consulta');
    await playground.clock.advance(24 * HOUR_MS - 10 * MINUTE_MS);
    await write(playground.sandbox, ANA, 'Quero falar com um atendente');
    await untilHandedOver('requested');
    await playground.clock.advance(15 * MINUTE_MS);
    expect(await untilRun(feedback, closed)).toContain('window_closed');
    expect(await untilRun(feedback, handedOver)).toContain('handed_over');
    expect(asked()).toEqual(before);
  });
});
