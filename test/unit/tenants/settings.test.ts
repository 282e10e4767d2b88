import { DEFAULT_SETTINGS, foldedWord, isOneOf, type SettingsPatch } from '../../../core/tenants';
import { checkSettings } from '../../../core/tenants/checkSettings';
import { patched, settingsFrom } from '../../../core/tenants/settings';
import { InvalidInputError } from '../../../core/model';

const checked = (patch: SettingsPatch) => checkSettings(settingsFrom('Clínica Sol', patch));

describe('settings of a tenant', () => {
  it('are as the rules recommend where nothing is set', () => {
    const settings = checked({});
    expect(settings).toMatchObject({
      name: 'Clínica Sol',
      language: 'pt-BR',
      timeZone: 'America/Sao_Paulo',
      quietHours: {
        utility: { from: '08:00', to: '20:00', days: [1, 2, 3, 4, 5, 6, 7] },
        marketing: { from: '09:00', to: '19:00', days: [1, 2, 3, 4, 5, 6] },
      },
      caps: { marketing: { count: 1, days: 7 } },
      safeMode: { on: false, recipients: [] },
    });
    for (const word of ['parar', 'sair', 'stop']) {
      expect(settings.optOut.words).toContain(word);
    }
  });

  it('keep what a change does not name', () => {
    const first = patched({}, { quietHours: { utility: { from: '07:00' } }, custom: { a: 1 } });
    const second = patched(first, {
      quietHours: { utility: { to: '21:00' } },
      custom: { b: 2 },
      features: { whatsAppSession: true },
    });
    expect(checked(second)).toMatchObject({
      quietHours: {
        utility: { from: '07:00', to: '21:00' },
        marketing: DEFAULT_SETTINGS.quietHours.marketing,
      },
      custom: { a: 1, b: 2 },
      features: { whatsAppSession: true },
    });
  });

  it('go back to their defaults with null, and keep things for good where null says so', () => {
    const set = patched(
      {},
      {
        timeZone: 'Europe/Lisbon',
        quietHours: { utility: { from: '07:00' } },
        features: { a: true },
        retention: { messagesDays: 90 },
        custom: { a: 1, b: 2 },
      },
    );
    const unset = patched(set, {
      timeZone: null,
      quietHours: { utility: null },
      features: { a: null },
      retention: { messagesDays: null },
      custom: { a: null },
    });
    expect(checked(unset)).toEqual({
      name: 'Clínica Sol',
      ...DEFAULT_SETTINGS,
      custom: { b: 2 },
    });
  });

  it('replace lists as a whole', () => {
    const set = patched({}, { optOut: { words: ['basta'] } });
    expect(checked(set).optOut).toEqual({ ...DEFAULT_SETTINGS.optOut, words: ['basta'] });
  });

  const WRONG: Array<[field: string, patch: SettingsPatch]> = [
    ['Language', { language: 'fr' as never }],
    ['Time Zone', { timeZone: 'Brasília' }],
    ['Time Zone', { timeZone: '-03:00' }],
    ['Utility Hours', { quietHours: { utility: { from: '8:00' } } }],
    ['Utility Hours', { quietHours: { utility: { to: '08:00' } } }],
    ['Marketing Hours', { quietHours: { marketing: { to: '25:00' } } }],
    ['Marketing Hours', { quietHours: { marketing: { days: [] } } }],
    ['Marketing Hours', { quietHours: { marketing: { days: [0] } } }],
    ['Marketing Messages per Person', { caps: { marketing: { count: 1.5 } } }],
    ['Marketing Period (Days)', { caps: { marketing: { days: 0 } } }],
    ['Give Back After (Minutes)', { handOver: { minutes: -1 } }],
    ['Safe Mode', { safeMode: { on: 'yes' as never } }],
    ['Safe Mode Recipients', { safeMode: { recipients: [' '] } }],
    ['Opt-Out Words', { optOut: { words: ['!!!'] } }],
    ['Opt-In Words', { optOut: { optInWords: ['Párar!'] } }],
    ['Feature', { features: { 'with space': true } }],
    ['Feature', { features: { a: 'on' as never } }],
    ['Keep Messages (Days)', { retention: { messagesDays: 0 } }],
    ['Custom Values', { custom: { big: 'x'.repeat(70_000) } }],
  ];

  it.each(WRONG)('are refused with the name of the field: %s, %j', (field, patch) => {
    const fault = caught(() => checked(patched({}, patch)));
    expect(fault).toBeInstanceOf(InvalidInputError);
    expect(fault).toMatchObject({ field });
  });

  it('refuse a name that is none', () => {
    expect(caught(() => checkSettings(settingsFrom(' ', {})))).toMatchObject({ field: 'Name' });
  });
});

describe('words of customers', () => {
  it('are compared without case, accents and punctuation', () => {
    expect(foldedWord('  PÁRAR!!! ')).toBe('parar');
    expect(foldedWord('“Não, quero: receber…”')).toBe('nao quero receber');
    expect(foldedWord('👍')).toBe('');
    expect(isOneOf(['Não quero receber'], 'nao quero receber.')).toBe(true);
  });

  it('are whole messages, never part of a sentence', () => {
    expect(isOneOf(['parar', 'stop'], 'Pode parar de chover?')).toBe(false);
    expect(isOneOf(['parar', 'stop'], 'stopped')).toBe(false);
    expect(isOneOf(['parar', ''], '👍')).toBe(false);
  });
});

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
