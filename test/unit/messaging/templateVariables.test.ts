import {
  fillText,
  requiredIn,
  variablesIn,
} from '../../../core/messaging/messageTemplates/variables';

describe('variables of a message template', () => {
  it.each([
    ['Olá {name}!', { name: 'Ana' }, 'Olá Ana!', []],
    ['Olá { name }!', { name: ' Ana ' }, 'Olá Ana!', []],
    ['Olá {name|tudo bem}!', {}, 'Olá tudo bem!', []],
    ['Olá {name|tudo bem}!', { name: '' }, 'Olá tudo bem!', []],
    ['Olá{name|}!', {}, 'Olá!', []],
    [
      '{nome_do_cão} às {visit.time}',
      { nome_do_cão: 'Rex', 'visit.time': '14:00' },
      'Rex às 14:00',
      [],
    ],
    ['Olá {name}, {date}', { date: '25/11' }, 'Olá {name}, 25/11', ['name']],
    ['{a} {a} {b}', {}, '{a} {a} {b}', ['a', 'b']],
    ['\\{name\\} {name}', { name: 'Ana' }, '{name} Ana', []],
    ['{ "json": 1 } {1} {}', {}, '{ "json": 1 } {1} {}', []],
    ['{constructor} {__proto__}', {}, '{constructor} {__proto__}', ['constructor', '__proto__']],
    // What a value says is nobody's variable.
    ['{a}', { a: '{b}', b: 'no' }, '{b}', []],
  ] as const)('%s', (text, values, filled, missing) => {
    expect(fillText(text, values)).toEqual({ text: filled, missing });
  });

  it('are listed once each, those that need a value apart', () => {
    const text = '{b} {a|x} {b} \\{c}';
    expect(variablesIn(text)).toEqual(['b', 'a']);
    expect(requiredIn(text)).toEqual(['b']);
  });
});
