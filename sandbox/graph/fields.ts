import { badParameter, undocumented } from './errors.ts';

/** One field of a `fields` expression such as `messages.limit(5){id,message}`. */
export interface FieldRequest {
  name: string;
  limit?: number;
  fields?: FieldRequest[];
}

/** Parses a `fields` parameter. @throws GraphError 2500-like syntax refusal for a malformed one. */
export function parseFields(value: unknown): FieldRequest[] | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw badParameter('Param fields must be a string.');
  const reader = new FieldReader(value);
  const fields = reader.readList();
  reader.expectEnd();
  return fields;
}

/** Refuses a field that the object is not documented to have. */
export function checkFields(
  fields: readonly FieldRequest[],
  known: readonly string[],
  nodeType: string,
  withSubfields: readonly string[] = [],
): void {
  for (const field of fields) {
    if (!known.includes(field.name)) {
      throw undocumented(
        `Tried accessing nonexisting field (${field.name}) on node type (${nodeType}). Documented: ${known.join(', ')}.`,
      );
    }
    if (!withSubfields.includes(field.name) && (field.fields ?? field.limit) !== undefined) {
      throw undocumented(`Field ${field.name} of ${nodeType} takes no subfields or limit.`);
    }
  }
}

class FieldReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readList(): FieldRequest[] {
    const fields = [this.#readField()];
    while (this.#skip(',')) fields.push(this.#readField());
    return fields;
  }

  expectEnd(): void {
    if (this.#at < this.#text.length) this.#fail();
  }

  #readField(): FieldRequest {
    const name = this.#match(/[a-z_0-9]+/y);
    const field: FieldRequest = { name };
    if (this.#skip('.limit(')) {
      field.limit = Number(this.#match(/\d{1,3}/y));
      if (!this.#skip(')')) this.#fail();
    }
    if (this.#skip('{')) {
      field.fields = this.readList();
      if (!this.#skip('}')) this.#fail();
    }
    return field;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return this.#fail();
    this.#at += found.length;
    return found;
  }

  #skip(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #fail(): never {
    throw badParameter(
      `Syntax error "Expected end of string instead of "${this.#text[this.#at] ?? ''}"." at character ${this.#at}: ${this.#text}`,
    );
  }
}
