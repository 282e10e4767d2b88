import {
  aliasesOf,
  formsOf,
  isUserId,
  readRecipient,
} from '../../../core/providers/whatsapp-cloud/phone';

const BUSINESS = '+55 11 90000-0001';
const read = (text: string, own: string | null = BUSINESS) => readRecipient(text, own).externalId;

describe('a recipient', () => {
  it.each([
    ['+55 11 98888-7777', '5511988887777'],
    ['+5511988887777', '5511988887777'],
    ['5511988887777', '5511988887777'],
    ['(11) 98888-7777', '5511988887777'],
    ['11 98888-7777', '5511988887777'],
    ['011 98888 7777', '5511988887777'],
    ['015 11 98888-7777', '5511988887777'],
    ['0055 11 98888-7777', '5511988887777'],
    ['+55 (11) 98888.7777', '5511988887777'],
    ['+55 11 98888–7777', '5511988887777'],
    ['+55 11 3333-4444', '551133334444'],
    ['+1 (650) 555-1234', '16505551234'],
    ['+49 151 23456789', '4915123456789'],
    ['491512345678', '491512345678'],
    ['+351 912 345 678', '351912345678'],
  ])('%s is the number %s', (text, expected) => {
    expect(read(text)).toBe(expected);
    expect(readRecipient(text, BUSINESS).phone).toBe(`+${expected}`);
  });

  it('without a country code is of the country of the business', () => {
    expect(read('912 345 678', '+351 910 000 000')).toBe('351912345678');
    expect(read('(650) 555-1234', '16505550000')).toBe('16505551234');
  });

  it('is Brazilian where the business number is not known', () => {
    expect(read('(11) 98888-7777', null)).toBe('5511988887777');
  });

  it.each([
    '',
    '   ',
    'Ana',
    '12',
    '98888-7777',
    '+55 98888-7777',
    'ana@example.org',
    '+',
    '1'.repeat(16),
  ])('%p is none, and the sentence says how to write one', (text) => {
    expect(() => readRecipient(text, BUSINESS)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        field: 'Recipient',
        hint: expect.stringContaining('+55 11 98888-7777'),
      }),
    );
  });

  it('may be a business-scoped user id, which is left as it is', () => {
    const id = 'BR.13491208655302741918';
    expect(readRecipient(id)).toEqual({ externalId: id, forms: [id], phone: null });
    expect(isUserId('US.ENT.11815799212886844830')).toBe(true);
    expect(isUserId('5511988887777')).toBe(false);
    expect(isUserId('br.134')).toBe(false);
  });

  it('of bare digits may also be the id of somebody who is known by just these', () => {
    // A Russian number out of a webhook, which reads like a Brazilian one without its country code.
    expect(readRecipient('79991234567', BUSINESS).forms[0]).toBe('79991234567');
  });
});

describe("Brazil's ninth digit", () => {
  it('makes two forms of one mobile number, whichever was written', () => {
    expect(formsOf('5511988887777')).toEqual(['5511988887777', '551188887777']);
    expect(formsOf('551188887777')).toEqual(['551188887777', '5511988887777']);
    expect(readRecipient('(11) 8888-7777', BUSINESS).forms).toEqual([
      '551188887777',
      '5511988887777',
    ]);
    expect(aliasesOf('5511988887777')).toEqual(['551188887777']);
  });

  it.each(['551133334444', '5511923334444', '16505551234', '491512345678'])(
    '%s has one form alone',
    (number) => {
      expect(formsOf(number)).toEqual([number]);
    },
  );
});
