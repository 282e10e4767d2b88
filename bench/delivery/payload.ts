const WORDS =
  'Oi tem horário amanhã consulta retorno avaliação limpeza canal clareamento orçamento convênio paciente dentista recepção confirmado remarcar cancelar manhã tarde segunda terça quarta quinta sexta sábado obrigado'.split(
    ' ',
  );

/** What a deal that moved has to say: JSON of 2 KB as the body of a webhook, different for each number. */
export function dataOf(number: number): Record<string, unknown> {
  let seed = number + 1;
  const word = (): string => {
    // A linear congruential generator (Numerical Recipes): the same texts in every run.
    seed = (seed * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return WORDS[seed % WORDS.length] ?? '';
  };
  const sentence = (length: number): string => Array.from({ length }, word).join(' ');
  return {
    number,
    deal: { id: `deal-${number}`, title: sentence(6), value: seed % 10_000, currency: 'BRL' },
    from: 'Negociação',
    to: 'Fechado',
    notes: Array.from({ length: 8 }, (_, index) => ({ at: index, text: sentence(24) })),
  };
}

/** Events are of this many accounts, each with a receiver of its own. */
export const ACCOUNTS = 20;

export function accountOf(number: number): { id: string; name: string; externalId: string } {
  const id = `account-${number % ACCOUNTS}`;
  return { id, name: 'Clínica Sorriso', externalId: `1784${number % ACCOUNTS}` };
}

/** The body as our dispatcher sends it. */
export function bodyOf(number: number): string {
  const timestamp = new Date(1_764_000_000_000 + number).toISOString();
  const data = { connection: accountOf(number), ...dataOf(number) };
  return JSON.stringify({ event: 'deal.moved', timestamp, data });
}
