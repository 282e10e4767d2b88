import {
  createMessageTemplate,
  deleteMessageTemplate,
  getMessageTemplate,
  listMessageTemplates,
  renderMessageTemplate,
  requireValues,
  updateMessageTemplate,
  type MessageTemplateInput,
} from '../../../core/messaging';
import { describeOnBothDatabases, type StoreContext } from '../../support/storeContext';
import { changeContacts } from '../journeys/support/scheduledUnits.cjs';
import { createWorld } from './support/world';

const REMINDER: MessageTemplateInput = {
  name: 'Reminder',
  category: 'utility',
  texts: [
    { language: 'pt-BR', channel: null, text: 'Olá {name|tudo bem}, até {date}!' },
    { language: 'pt-BR', channel: 'instagram', text: 'Oi {name}! Até {date} 💙' },
    { language: 'en', channel: null, text: 'Hello {name|there}, see you on {date}!' },
  ],
  whatsApp: {
    name: 'lembrete',
    language: 'pt_BR',
    values: { '1': '{name|cliente}', '2': '{date}' },
  },
};

async function setUp(context: StoreContext) {
  const world = await createWorld(context);
  const { ctx, tenantId } = world;
  return {
    world,
    ctx,
    tenantId,
    create: (changes: Partial<MessageTemplateInput> = {}) =>
      createMessageTemplate(ctx, { tenantId, ...REMINDER, ...changes }),
    render: (values: Record<string, string>, more = {}) =>
      renderMessageTemplate(ctx, { tenantId, idOrName: 'Reminder', values, ...more }),
  };
}

describeOnBothDatabases('a message template', (context) => {
  it('is kept, found by id and name, changed and deleted', async () => {
    const { ctx, tenantId, create } = await setUp(context);
    const made = await create();
    expect(made).toMatchObject({
      name: 'Reminder',
      category: 'utility',
      languages: ['pt-BR', 'en'],
      variables: ['name', 'date'],
    });
    expect(await getMessageTemplate(ctx, tenantId, 'Reminder')).toEqual(made);
    expect(await getMessageTemplate(ctx, tenantId, made.id)).toEqual(made);
    const changed = await updateMessageTemplate(ctx, {
      tenantId,
      idOrName: 'Reminder',
      name: 'Reminder 24 h',
      whatsApp: null,
    });
    expect(changed).toMatchObject({ id: made.id, name: 'Reminder 24 h', whatsApp: null });
    expect(changed.texts).toEqual(made.texts);
    await deleteMessageTemplate(ctx, tenantId, made.id);
    await expect(getMessageTemplate(ctx, tenantId, made.id)).rejects.toThrow('does not exist here');
  });

  it('is listed by name, page by page', async () => {
    const { ctx, tenantId, create } = await setUp(context);
    for (const name of ['C', 'A', 'B']) await create({ name });
    const first = await listMessageTemplates(ctx, { tenantId, limit: 2, cursor: null });
    expect(first.items.map(({ name }) => name)).toEqual(['A', 'B']);
    const second = await listMessageTemplates(ctx, {
      tenantId,
      limit: 2,
      cursor: first.nextCursor,
    });
    expect(second.items.map(({ name }) => name)).toEqual(['C']);
    expect(second.nextCursor).toBeNull();
  });

  it('has a name of its own', async () => {
    const { ctx, tenantId, create } = await setUp(context);
    await create();
    await expect(create()).rejects.toThrow('There is a message template "Reminder" already.');
    await create({ name: 'Other' });
    await expect(
      updateMessageTemplate(ctx, { tenantId, idOrName: 'Other', name: 'Reminder' }),
    ).rejects.toThrow('already');
  });

  it.each([
    ['no text', { texts: [] }, 'needs 1 to 50 texts'],
    ['an empty text', { texts: [{ language: 'en', channel: null, text: ' ' }] }, 'Text 1 is empty'],
    ['no language', { texts: [{ language: '?', channel: null, text: 'x' }] }, 'in no language'],
    ['no name', { name: ' ' }, 'needs a name'],
    [
      'nothing for the other channels',
      { texts: [{ language: 'en', channel: 'instagram' as const, text: 'x' }] },
      'In "en" there is no text for all channels',
    ],
    [
      'two texts for one place',
      { texts: [...REMINDER.texts, { language: 'PT_br', channel: null, text: 'x' }] },
      'two texts for all channels',
    ],
  ])('with %s is refused', async (_, changes, sentence) => {
    const { create } = await setUp(context);
    await expect(create(changes)).rejects.toThrow(sentence);
  });

  it('is filled for each channel, and names what is missing', async () => {
    const { create, render } = await setUp(context);
    await create();
    const whole = await render({ name: 'Ana', date: '25/11' });
    expect(whole).toMatchObject({
      language: 'pt-BR',
      text: 'Olá Ana, até 25/11!',
      perChannel: { instagram: 'Oi Ana! Até 25/11 💙' },
      whatsApp: { name: 'lembrete', values: { '1': 'Ana', '2': '25/11' } },
      missing: [],
    });
    expect(() => requireValues(whole)).not.toThrow();
    const part = await render({ date: '25/11' });
    expect(part).toMatchObject({ text: 'Olá tudo bem, até 25/11!', missing: ['name'] });
    expect(() => requireValues(part)).toThrow('has no value for {name}. Nothing was sent.');
  });

  it('is shown as it goes on each connected channel, with buttons and a file', async () => {
    const { create, render } = await setUp(context);
    const buttons = [{ title: 'Confirmo {date}', payload: 'CONFIRM:{visit}' }];
    const media = { kind: 'image' as const, url: '{map}', fileName: null };
    const made = await create({
      texts: [
        { language: 'pt-BR', channel: null, text: 'Até {date|breve}!', buttons },
        { language: 'pt-BR', channel: 'instagram', text: 'Até {date|breve}!', media },
      ],
      whatsApp: null,
    });
    expect(made).toMatchObject({
      variables: ['date', 'visit', 'map'],
      required: ['date', 'visit', 'map'],
    });
    const values = { date: '25/11', visit: 'apt_9', map: 'https://clinic.example/map.png' };
    expect(await render(values)).toMatchObject({
      content: { type: 'text', text: 'Até 25/11!\n\n1 - Confirmo 25/11' },
      filledPerChannel: { instagram: { text: 'Até 25/11!', media: { url: values.map } } },
      // The one that is connected here.
      contents: {
        messenger: {
          type: 'buttons',
          text: 'Até 25/11!',
          buttons: [{ type: 'postback', title: 'Confirmo 25/11', payload: 'CONFIRM:apt_9' }],
        },
      },
    });
  });

  it.each([
    [
      'buttons without words',
      { buttons: [{ title: ' ', payload: 'x' }] },
      'buttons that cannot be',
    ],
    [
      'a file without an address',
      { media: { kind: 'image' as const, url: 'map.png', fileName: null } },
      'a file without an address',
    ],
  ])('with %s is refused too', async (_, parts, sentence) => {
    const { create } = await setUp(context);
    const texts = [{ language: 'en', channel: null, text: 'x', ...parts }];
    await expect(create({ texts })).rejects.toThrow(sentence);
  });

  it('speaks the language that is named, else that of the person, else that of the tenant', async () => {
    const { world, create, render } = await setUp(context);
    await create();
    const { contact, conversation } = await world.customerWrites();
    const person = { contactId: contact?.id };
    const values = { name: 'Ana', date: '25/11' };
    expect((await render(values, person)).language).toBe('pt-BR');
    await world.tenant.run(changeContacts, { language: 'en-GB' });
    expect((await render(values, person)).text).toBe('Hello Ana, see you on 25/11!');
    expect((await render(values, { conversationId: conversation?.id })).language).toBe('en');
    expect((await render(values, { ...person, language: 'pt' })).language).toBe('pt-BR');
    expect((await render(values, { language: 'fr' })).language).toBe('pt-BR');
  });
});
