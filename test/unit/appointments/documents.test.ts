import { proceduresIn } from '../../../core/appointments/documents';

const documents = [{ url: 'https://clinica.example/a.pdf' }];
const PROCEDURES = [
  { name: 'Limpeza', documents },
  { name: 'Limpeza profunda', documents },
  { name: 'Clareamento dental', code: '8100-30', documents },
];

const named = (about: { title?: string; description?: string; fields?: object }) =>
  proceduresIn(
    { title: null, description: null, ...about, fields: { ...about.fields } },
    PROCEDURES,
  ).map(({ name }) => name);

describe('the procedures that an appointment names', () => {
  it('are found in its title, whatever case, accents and punctuation', () => {
    expect(named({ title: 'CLAREAMENTO DENTAL – Ana Souza' })).toEqual(['Clareamento dental']);
    expect(named({ title: 'limpeza (retorno)' })).toEqual(['Limpeza']);
  });

  it('are whole words', () => {
    expect(named({ title: 'Autolimpeza' })).toEqual([]);
    expect(named({ title: 'Clareamento' })).toEqual([]);
    expect(named({ title: 'Consulta' })).toEqual([]);
  });

  it('are the longest of those that stand in each other', () => {
    expect(named({ title: 'Limpeza profunda: Bruno' })).toEqual(['Limpeza profunda']);
  });

  it('can be several', () => {
    expect(named({ title: 'Limpeza + Clareamento dental' })).toEqual([
      'Limpeza',
      'Clareamento dental',
    ]);
  });

  it('are found by their code, in a line of the description and in the fields of a row', () => {
    expect(named({ description: 'Nome: Ana\nProcedimento: 8100-30' })).toEqual([
      'Clareamento dental',
    ]);
    expect(named({ fields: { Serviço: 'Limpeza' } })).toEqual(['Limpeza']);
    expect(named({ fields: { procedures: ['Limpeza', '8100 30'] } })).toEqual([
      'Limpeza',
      'Clareamento dental',
    ]);
  });

  it('are not guessed from free words of the description, nor from other fields', () => {
    expect(named({ description: 'Ana pergunta se a limpeza dói' })).toEqual([]);
    expect(named({ fields: { note: 'Limpeza' } })).toEqual([]);
  });
});
