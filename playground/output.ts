import type { Playground } from './playground.ts';

/** What a person needs to see: where to go, how to get in, how to end it. */
export function summary({ n8n, sandbox, state, setup, dataDir }: Playground): string {
  const rows: Array<[string, string]> = [
    ['Phone page', `${sandbox.url}/`],
    ['Calendar', `${sandbox.url}/calendar`],
    ['Connect page', setup.connectLink],
    ['n8n editor', n8n.baseUrl],
    ['E-mail', state.owner.email],
    ['Password', state.owner.password],
    ['Data', dataDir],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}   ${value}`);
  return [
    '',
    'Ready. Write "Oi" as a customer on the phone page and read the welcome.',
    'Pronto. Escreva "Oi" como cliente na página do telefone e leia as boas-vindas.',
    '',
    ...lines,
    '',
    'Ctrl-C stops everything; the data stay (--reset forgets them).',
    '',
  ].join('\n');
}

/** Shows steps on one line of a terminal, or on a line each where the output is not one. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  #last = '';

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(step: string): void {
    if (this.#out.isTTY) {
      this.#out.write(`\r\u001b[K${step} ...`);
      return;
    }
    // Without the seconds, so that a log does not get a line for each.
    const plain = step.replace(/ \(\d+ s\)$/, '');
    if (plain !== this.#last) this.#out.write(`${plain} ...\n`);
    this.#last = plain;
  }

  done(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }
}
