import { createKeywordMatcher } from '../../../core/events/keyword';

describe('the keyword of a trigger', () => {
  it.each([
    ['agendar', 'Quero agendar'],
    ['agendar', 'AGENDAR!'],
    ['agendar', 'quero agêndar'],
    ['Ação', 'tem acao?'],
    ['quero agendar', 'eu quero \n  agendar'],
    ['sim', 'Sim'],
    ['sim, claro', 'claro que quero'],
    ['R$ 10', 'custa r$ 10?'],
    ['👍', 'ok 👍'],
    ['c++', 'sei c++ bem'],
    ['дом', 'Дом мой'],
  ])('%p is found in %p', (keyword, text) => {
    expect(createKeywordMatcher(keyword)?.(text)).toBe(true);
  });

  it.each([
    ['sim', 'simples'],
    ['sim', 'assim'],
    ['sim', 'sim_nao'],
    ['quero agendar', 'quero muito agendar'],
    ['a.c', 'abc'],
    ['дом', 'домик'],
    ['agendar', ''],
    ['agendar', null],
    ['agendar', undefined],
  ])('%p is not found in %p', (keyword, text) => {
    expect(createKeywordMatcher(keyword)?.(text)).toBe(false);
  });

  it.each([undefined, '', '  ', ' , '])('%p restricts nothing', (keyword) => {
    expect(createKeywordMatcher(keyword)).toBeUndefined();
  });
});
