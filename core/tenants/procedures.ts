import { InvalidInputError } from '../model';
import { foldedWord } from './words';

/*
 * Which documents a person gets after which procedure. They stand in the tenant's custom values, under `procedures`, so that
 * a panel, a spreadsheet or another system may fill them in.
 */

/** A document that follows a procedure. */
export interface ProcedureDocument {
  /** Where the channel fetches it; it goes as a file, and the person sees no address. */
  url: string;
  /** What the file is called on the person's phone. */
  fileName?: string;
  /** What the message calls it. */
  title?: string;
}

/** A procedure, as appointments name it. */
export interface Procedure {
  name: string;
  /** What appointments of another system call it. */
  code?: string;
  documents: ProcedureDocument[];
}

const FIELD = 'Procedures';
const MOST_PROCEDURES = 300;
const MOST_DOCUMENTS = 10;
const LONGEST_NAME = 120;
const LONGEST_URL = 2_000;

/** The procedures among a tenant's custom values; those that are none are left out. */
export function proceduresOf(custom: Readonly<Record<string, unknown>>): Procedure[] {
  try {
    return readProcedures(custom.procedures);
  } catch {
    // Stored by an earlier version, which took anything.
    return [];
  }
}

/**
 * Custom values as the panel and other systems hand them in.
 * @returns the list in its own form, empty where there is none
 * @throws InvalidInputError saying which procedure and which of its documents is wrong
 */
export function readProcedures(value: unknown): Procedure[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    throw wrong('"procedures" among the custom values is no list.', EXAMPLE);
  }
  if (value.length > MOST_PROCEDURES) {
    throw wrong(`There are ${value.length} procedures; up to ${MOST_PROCEDURES} are kept.`);
  }
  const procedures = value.map((one: unknown, index) =>
    readProcedure(one, `Procedure ${index + 1}`),
  );
  const taken = new Set<string>();
  for (const { name, code = '' } of procedures) {
    for (const word of new Set([foldedWord(name), foldedWord(code)])) {
      if (word === '') continue;
      if (taken.has(word)) {
        const hint = 'Give each name and each code once; one procedure may have several documents.';
        throw wrong(`Two procedures are called "${word}".`, hint);
      }
      taken.add(word);
    }
  }
  return procedures;
}

function readProcedure(value: unknown, which: string): Procedure {
  const { name, code, documents } = objectOf(value, which);
  const named = textOf(name);
  if (foldedWord(named) === '') {
    throw wrong(`${which} has no name.`, 'Write it as in your appointments.');
  }
  checkLength(`The name of ${lower(which)}`, named, LONGEST_NAME);
  const coded = textOf(code);
  checkLength(`The code of "${named}"`, coded, LONGEST_NAME);
  if (!Array.isArray(documents) || documents.length === 0) {
    throw wrong(`"${named}" has no documents.`, 'Add one with its web address, or remove it.');
  }
  if (documents.length > MOST_DOCUMENTS) {
    throw wrong(
      `"${named}" has ${documents.length} documents; up to ${MOST_DOCUMENTS} can follow one procedure.`,
    );
  }
  const read = documents.map((one: unknown, index) =>
    readDocument(one, `Document ${index + 1} of "${named}"`),
  );
  const addresses = read.map(({ url }) => url);
  const twice = addresses.find((url, index) => addresses.indexOf(url) !== index);
  if (twice !== undefined) {
    throw wrong(`"${named}" has the document ${twice} twice.`, 'Remove one of them.');
  }
  return { name: named, ...(coded ? { code: coded } : {}), documents: read };
}

function readDocument(value: unknown, which: string): ProcedureDocument {
  const { url, fileName, title } = objectOf(value, which);
  const address = textOf(url);
  if (address === '') throw wrong(`${which} has no web address.`, 'Paste where the file is.');
  checkLength(`The address of ${lower(which)}`, address, LONGEST_URL);
  const parsed = URL.parse(address);
  const isLocal = parsed !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(parsed.hostname);
  if (parsed?.protocol !== 'https:' && !(isLocal && parsed.protocol === 'http:')) {
    throw wrong(
      `${which} has the address "${address}", which is no full web address.`,
      'It begins with https:// and opens without a login.',
    );
  }
  const called = textOf(fileName);
  if (called !== '' && (called.length > LONGEST_NAME || /[/\\\p{Cc}]/u.test(called))) {
    throw wrong(
      `${which} has the file name "${called}".`,
      `Use up to ${LONGEST_NAME} characters without slashes, such as orientacoes.pdf.`,
    );
  }
  const titled = textOf(title);
  checkLength(`The title of ${lower(which)}`, titled, LONGEST_NAME);
  return {
    url: address,
    ...(called ? { fileName: called } : {}),
    ...(titled ? { title: titled } : {}),
  };
}

const EXAMPLE =
  'Write [{ "name": "Clareamento", "documents": [{ "url": "https://…/orientacoes.pdf" }] }].';

function objectOf(value: unknown, which: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw wrong(`${which} is no object.`, EXAMPLE);
}

/** Codes come as numbers out of spreadsheets. */
function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.trim() : '';
}

function checkLength(what: string, text: string, most: number): void {
  if (text.length > most) throw wrong(`${what} has more than ${most} characters.`, 'Shorten it.');
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function wrong(message: string, hint?: string): InvalidInputError {
  return new InvalidInputError(FIELD, message, hint === undefined ? {} : { hint });
}
