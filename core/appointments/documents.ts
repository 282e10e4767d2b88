import { createHash } from 'node:crypto';
import { foldedWord, proceduresOf, settingsOf, type Procedure } from '../tenants';
import { getAppointment } from './appointments';
import type { AppointmentName } from './named';
import type { AppointmentsContext } from './context';
import type { AppointmentItem } from './item';

/** A document that a person gets after an appointment. */
export interface AppointmentDocument {
  appointmentId: string;
  /** As the tenant's settings name it: for the clinic, not for the person. */
  procedure: string;
  /** From 1, of `total`. */
  position: number;
  total: number;
  title: string;
  fileName: string;
  url: string;
  /** The same for the same document, whatever stands before it: the field *Journey Message* of the node that sends. */
  journeyMessage: string;
}

/**
 * The documents of the procedures that an appointment names: in its title, in its fields, or in lines of its description
 * such as `Procedimento: …`. None where it names none that has any.
 * @throws NotFoundError, StoreError
 */
export async function documentsOfAppointment(
  ctx: AppointmentsContext,
  tenantId: string,
  name: AppointmentName,
): Promise<AppointmentDocument[]> {
  const appointment = await getAppointment(ctx, tenantId, name);
  const { custom, language } = await settingsOf(ctx, tenantId);
  const found = proceduresIn(appointment, proceduresOf(custom)).flatMap((procedure) =>
    procedure.documents.map((document) => ({ ...document, procedure: procedure.name })),
  );
  // Two procedures on one day may share a leaflet.
  const documents = found.filter(
    ({ url }, index) => found.findIndex((one) => one.url === url) === index,
  );
  const total = documents.length;
  return documents.map(({ procedure, url, title, fileName }, index) => ({
    appointmentId: appointment.appointmentId,
    procedure,
    position: index + 1,
    total,
    title: title ?? WORD[language],
    fileName: fileName ?? neutralName(WORD[language], url, total === 1 ? '' : `-${index + 1}`),
    url,
    journeyMessage: `document-${createHash('sha256').update(url).digest('hex').slice(0, 16)}`,
  }));
}

/** Names of files show on locked phones: nobody reads there what was done. */
const WORD = { 'pt-BR': 'Documento', en: 'Document' } as const;

function neutralName(word: string, url: string, number: string): string {
  const ending = /\.[a-z0-9]{2,5}$/i.exec(URL.parse(url)?.pathname ?? '')?.[0] ?? '.pdf';
  return `${word.toLowerCase()}${number}${ending.toLowerCase()}`;
}

/** The procedures whose name or code stands in what names the appointment; of names within names the longest. */
export function proceduresIn(
  { title, description, fields }: Pick<AppointmentItem, 'title' | 'description' | 'fields'>,
  procedures: readonly Procedure[],
): Procedure[] {
  const texts = [title ?? '', ...linesOf(description), ...fieldsOf(fields)].map(
    (text) => ` ${foldedWord(text)} `,
  );
  const said = procedures.flatMap((procedure) => {
    const words = [procedure.name, procedure.code ?? ''].map(foldedWord).filter(Boolean);
    const word = words.find((one) => texts.some((text) => text.includes(` ${one} `)));
    return word === undefined ? [] : [{ procedure, word: ` ${word} ` }];
  });
  return said
    .filter(({ word }) => !said.some((other) => other.word !== word && other.word.includes(word)))
    .map(({ procedure }) => procedure);
}

const LABEL =
  /^\s*(?:procedimentos?|procedures?|servi[cç]os?|services?|c[oó]digo|code)\s*[:=]\s*(.+)$/i;

function linesOf(description: string | null): string[] {
  return (description ?? '')
    .split(/\r?\n|<br\s*\/?>/i)
    .flatMap((line) => LABEL.exec(line)?.[1] ?? []);
}

const FIELDS = /^(?:procedimentos?|procedures?|servicos?|services?|codigo|code)$/;

function fieldsOf(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    FIELDS.test(foldedWord(name)) ? [value].flat().map(String) : [],
  );
}
