import { readBirthday } from '../../../core/contacts/birthday';
import { isCertain } from '../../../core/contacts/duplicates';
import { readDraft } from '../../../core/contacts/draft';
import { readFilter } from '../../../core/contacts/filter';
import { phoneKeys } from '../../../core/contacts/reach';
import { readContactRef } from '../../../core/contacts/ref';
import { InvalidInputError, searchedWords, wordsOf } from '../../../core/model';
import type { ContactRow } from '../../../core/store/statements/contacts';

const tenantId = 'default';

function fieldOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.field;
    throw error;
  }
  return 'nothing was refused';
}

describe('a birthday', () => {
  it.each([
    ['1990-05-12', '1990-05-12'],
    ['1990-05-12T00:00:00.000-03:00', '1990-05-12'],
    ['12/05/1990', '1990-05-12'],
    ['12.5.1990', '1990-05-12'],
    ['12/05', '--05-12'],
    ['--05-12', '--05-12'],
    ['29/02', '--02-29'],
    ['29/02/2024', '2024-02-29'],
  ])('is read from %s', (text, expected) => {
    expect(readBirthday(text)).toBe(expected);
  });

  it.each(['29/02/2023', '31/04', '05-12', '1990-13-01', 'tomorrow', '0001-01-01'])(
    'is not %s',
    (text) => {
      expect(fieldOf(() => readBirthday(text))).toBe('Birthday');
    },
  );
});

describe('the number of a contact', () => {
  it('has one key with and without the ninth digit', () => {
    const written = ['(11) 98888-7777', '+55 11 98888-7777', '5511988887777', '+55 11 8888-7777'];
    const keys = written.map((phone) => readDraft({ tenantId, phone }).phoneKeys[0]);
    expect(new Set(keys)).toEqual(new Set(['phone:+5511988887777']));
    expect(phoneKeys('+551188887777')).toEqual(['phone:+5511988887777', 'phone:+551188887777']);
  });

  it('keeps a landline and a foreign number as they are', () => {
    expect(phoneKeys('+551133334444')).toEqual(['phone:+551133334444']);
    expect(phoneKeys('+351912345678')).toEqual(['phone:+351912345678']);
  });
});

describe('a draft of a contact', () => {
  it('names the field that is wrong', () => {
    const draft = (more: object) => () => readDraft({ tenantId, phone: '+5511988887777', ...more });
    expect(fieldOf(draft({ phone: '12' }))).toBe('Phone');
    expect(fieldOf(draft({ email: 'ana@' }))).toBe('Email');
    expect(fieldOf(draft({ timeZone: 'Brazil/Here' }))).toBe('Time Zone');
    expect(fieldOf(draft({ language: 'português' }))).toBe('Language');
    expect(fieldOf(draft({ externalId: '7' }))).toBe('Account');
    expect(fieldOf(draft({ accountId: 'a' }))).toBe('Channel ID');
    expect(fieldOf(draft({ addTags: ['x'.repeat(81)] }))).toBe('Tags to Add');
    expect(fieldOf(() => readDraft({ tenantId, name: 'Ana' }))).toBe('Phone');
  });

  it('leaves what is empty, and clears it only when asked', () => {
    const input = { tenantId, phone: '+5511988887777', email: '', stage: ' ' };
    expect(readDraft(input).columns).toEqual({ phone: '+5511988887777' });
    expect(readDraft({ ...input, clearEmpty: true }).columns).toEqual({
      phone: '+5511988887777',
      email: null,
      stage: null,
    });
  });

  it('takes each tag once, however it is written', () => {
    const { addTags } = readDraft({
      tenantId,
      email: 'Ana@Example.com',
      addTags: [' VIP ', 'vip', 'Botóx', 'botox', ''],
    });
    expect(addTags).toEqual(['VIP', 'Botóx']);
  });
});

describe('what a contact is named by', () => {
  it('is told apart by its look', () => {
    expect(readContactRef('01K0APP0000000000000000001')).toMatchObject({ by: 'id' });
    expect(readContactRef('(11) 98888-7777')).toMatchObject({
      by: 'phone',
      keys: ['phone:+5511988887777', 'phone:+551188887777'],
    });
    expect(readContactRef(' Ana@Example.com ')).toMatchObject({
      by: 'email',
      keys: ['email:ana@example.com'],
    });
    expect(fieldOf(() => readContactRef(' ', 'Merge With'))).toBe('Merge With');
  });
});

describe('the words of a search', () => {
  const words = wordsOf({
    name: 'José da Silva-Souza',
    phone: '+5511988887777',
    email: 'ze.souza@example.com',
    usernames: ['@zesouza'],
  });

  it('find a person by any part of the name, without accents', () => {
    expect(words).toEqual(expect.arrayContaining(['jose', 'da', 'silva', 'souza', 'zesouza']));
    expect(searchedWords('  SOUZA josé ')).toEqual(['souza', 'jose']);
  });

  it('find a number with country code, with area code, without both, and by its end', () => {
    const found = (text: string) =>
      searchedWords(text).every((searched) => words.some((word) => word.startsWith(searched)));
    for (const text of ['+55 11 98888', '(11) 98888-7777', '98888-7777', '8888-7777', '7777']) {
      expect([text, found(text)]).toEqual([text, true]);
    }
    expect(found('99999')).toBe(false);
  });

  it('refuse a search without one', () => {
    expect(fieldOf(() => readFilter({ search: ' - ' }))).toBe('Search');
    expect(readFilter({ search: '  ' })).toEqual({});
  });
});

describe('a filter', () => {
  it('names the field that is wrong', () => {
    expect(fieldOf(() => readFilter({ birthdayTo: '12/05' }))).toBe('Birthday From');
    expect(fieldOf(() => readFilter({ consents: ['everything'] }))).toBe('Consent');
    expect(fieldOf(() => readFilter({ createdTo: 'soon' }))).toBe('Created To');
    expect(fieldOf(() => readFilter({ activeFrom: 'soon' }))).toBe('Last Activity From');
  });
});

describe('two contacts with one number', () => {
  const person = (name: string | null, birthday: string | null = null) =>
    ({ name, birthday }) as ContactRow;

  it.each([
    [person(null), person('Ana Souza')],
    [person('Ana'), person('Ana Souza')],
    [person('ANA SOUZA'), person('Ana Maria Souza')],
    [person('Ana', '--05-12'), person('Ana', '1990-05-12')],
  ])('are surely one where nothing contradicts it (%#)', (a, b) => {
    expect(isCertain(a, b)).toBe(true);
    expect(isCertain(b, a)).toBe(true);
  });

  it.each([
    [person('Ana Souza'), person('Bia Souza')],
    [person('Souza'), person('Ana Souza')],
    [person('Ana', '1990-05-12'), person('Ana', '2019-01-02')],
  ])('may be two people where something does (%#)', (a, b) => {
    expect(isCertain(a, b)).toBe(false);
  });
});
