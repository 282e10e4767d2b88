import { phoneForms, readPerson } from '../../../core/appointments/person';
import { checkPattern, matchPattern } from '../../../core/appointments/pattern';
import { DEFAULT_CONTACT_RULES } from '../../../core/appointments';

const read = (
  description: string,
  more: { title?: string; attendees?: { email: string; name: string | null }[] } = {},
  rules: Partial<typeof DEFAULT_CONTACT_RULES> = {},
) =>
  readPerson(
    { title: more.title ?? null, description, location: null, attendees: more.attendees ?? [] },
    { ...DEFAULT_CONTACT_RULES, ...rules },
  );

it.each([
  ['Telefone: (11) 98888-7777', '+5511988887777'],
  ['Phone: +351 912 345 678', '+351912345678'],
  ['whatsapp = 11 98888 7777', '+5511988887777'],
  ['Dados\n- Celular: 11988887777 (mãe)', '+5511988887777'],
  ['<p>Tel: <a href="tel:x">+55 11 98888-7777</a></p><br>', '+5511988887777'],
  ['Confirmar com +55 11 98888-7777 até 20/11', '+5511988887777'],
  ['ligar (11) 98888-7777', '+5511988887777'],
  ['2026-11-25 14:00 às 15:00, sala 1234567890', null],
  ['Telefone: a combinar', null],
  ['', null],
])('reads the number in "%s"', (text, phone) => {
  expect(read(text).phone).toBe(phone);
});

it.each([
  ['E-mail: Ana@Example.org', 'ana@example.org'],
  ['avisar ana@example.org.', 'ana@example.org'],
  ['sem endereço', null],
])('reads the address in "%s"', (text, email) => {
  expect(read(text).email).toBe(email);
});

it('reads the name of a labelled line, or of who is invited', () => {
  expect(read('Paciente: Ana Souza').name).toBe('Ana Souza');
  const attendees = [{ email: 'Bia@example.org', name: 'Bia Lima' }];
  expect(read('', { attendees })).toEqual({
    name: 'Bia Lima',
    phone: null,
    email: 'bia@example.org',
  });
});

it('goes by the labels of the admin', () => {
  const rules = { phoneLabels: ['Fone do tutor'], anywhere: false };
  expect(read('fone do TUTOR: 11 98888-7777', {}, rules).phone).toBe('+5511988887777');
  expect(read('Telefone: 11 98888-7777', {}, rules).phone).toBeNull();
  expect(read('+55 11 98888-7777', {}, rules).phone).toBeNull();
});

it("goes by the admin's own pattern first", () => {
  const pattern = 'tutor (?<name>\\w+) fone (?<phone>[0-9 -]+)';
  const found = read('Telefone: 11 97777-6666\nTutor Bia fone 11 98888-7777', {}, { pattern });
  expect(found).toMatchObject({ name: 'Bia', phone: '+5511988887777' });
});

it('refuses a pattern that is none, or finds nothing of a person', () => {
  expect(() => checkPattern('(')).toThrow(/no regular expression/);
  expect(() => checkPattern('\\d+')).toThrow(/none of the groups/);
  expect(() => checkPattern('(?<phone>\\d+)')).not.toThrow();
});

it('does not let a pattern that runs away hold n8n up', () => {
  const startedAt = performance.now();
  expect(matchPattern('^(?<phone>(a+)+)$', `${'a'.repeat(40)}!`)).toEqual({});
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

it('knows both forms of a Brazilian number', () => {
  expect(phoneForms('+5511988887777')).toEqual([
    '+5511988887777',
    '5511988887777',
    '+551188887777',
    '551188887777',
  ]);
  expect(phoneForms(null)).toEqual([]);
});
