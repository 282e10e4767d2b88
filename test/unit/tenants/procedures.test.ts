import { InvalidInputError } from '../../../core/model';
import { proceduresOf } from '../../../core/tenants';
import { checkSettings } from '../../../core/tenants/checkSettings';
import { settingsFrom } from '../../../core/tenants/settings';

const checked = (procedures: unknown) =>
  checkSettings(settingsFrom('Clínica Sol', { custom: { procedures } }));

const URL_A = 'https://clinica.example/a.pdf';
const WHITENING = { name: 'Clareamento', documents: [{ url: URL_A }] };

describe('procedures among the custom values', () => {
  it('come back as they are meant: trimmed, codes as texts, empty texts left out', () => {
    const custom = {
      procedures: [
        {
          name: ' Clareamento ',
          code: 81000030,
          documents: [{ url: ` ${URL_A} `, fileName: '', title: ' Guia ' }],
        },
      ],
    };
    checkSettings(settingsFrom('Clínica Sol', { custom }));
    expect(proceduresOf(custom)).toEqual([
      { name: 'Clareamento', code: '81000030', documents: [{ url: URL_A, title: 'Guia' }] },
    ]);
  });

  it('are none where there are none, and where an earlier version stored something else', () => {
    expect(proceduresOf({})).toEqual([]);
    expect(proceduresOf({ procedures: 'clareamento.pdf' })).toEqual([]);
  });

  it.each([
    ['a text', 'clareamento.pdf', /"procedures" among the custom values is no list/],
    ['a list of texts', ['Clareamento'], /Procedure 1 is no object/],
    ['one without a name', [WHITENING, { ...WHITENING, name: ' ' }], /Procedure 2 has no name/],
    ['one without documents', [{ name: 'Limpeza' }], /"Limpeza" has no documents/],
    ['an empty list of documents', [{ name: 'Limpeza', documents: [] }], /has no documents/],
    [
      'a document without an address',
      [{ name: 'Limpeza', documents: [{ url: URL_A }, { title: 'Guia' }] }],
      /Document 2 of "Limpeza" has no web address/,
    ],
    [
      'an address that is none',
      [{ name: 'Limpeza', documents: [{ url: 'guia.pdf' }] }],
      /Document 1 of "Limpeza" has the address "guia\.pdf", which is no full web address/,
    ],
    [
      'an address without encryption',
      [{ name: 'Limpeza', documents: [{ url: 'http://clinica.example/a.pdf' }] }],
      /is no full web address/,
    ],
    [
      'a file name with a path',
      [{ name: 'Limpeza', documents: [{ url: URL_A, fileName: '../guia.pdf' }] }],
      /has the file name "\.\.\/guia\.pdf"/,
    ],
    [
      'one document twice',
      [{ name: 'Limpeza', documents: [{ url: URL_A }, { url: URL_A }] }],
      /"Limpeza" has the document .* twice/,
    ],
    [
      'two with one name',
      [WHITENING, { name: 'CLAREAMENTO!', documents: [{ url: URL_A }] }],
      /Two procedures are called "clareamento"/,
    ],
    [
      'a code that names another one',
      [WHITENING, { name: 'Limpeza', code: 'clareamento', documents: [{ url: URL_A }] }],
      /Two procedures are called "clareamento"/,
    ],
    [
      'eleven documents',
      [
        {
          name: 'Limpeza',
          documents: Array.from({ length: 11 }, (_, index) => ({ url: `${URL_A}?${index}` })),
        },
      ],
      /"Limpeza" has 11 documents; up to 10/,
    ],
  ])('are refused with the place of what is wrong: %s', (_, procedures, problem) => {
    const refused = () => checked(procedures);
    expect(refused).toThrow(InvalidInputError);
    expect(refused).toThrow(problem);
  });
});
