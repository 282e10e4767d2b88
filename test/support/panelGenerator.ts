/**
 * Fills in a node's panel at random, out of the node's own description: what is shown is filled, every choice is made,
 * lists have rows, collections have some of their fields. What only a person would know (an account, an address) is
 * said by name. It keeps which values each parameter has had, so that a test can tell those that it never varied.
 */
import {
  NodeHelpers,
  type IDataObject,
  type INodeProperties,
  type INodePropertyCollection,
  type INodePropertyOptions,
  type INodeTypeDescription,
} from 'n8n-workflow';

type Random = () => number;

export interface Maker {
  random: Random;
  /** What was filled in before, of the whole panel. */
  values: IDataObject;
  property: INodeProperties;
}

/** What a parameter holds, by its name or by its whole path; undefined = whatever its kind allows. */
export type Makers = Record<string, (maker: Maker) => unknown>;

export class PanelGenerator {
  readonly #seen = new Map<string, Set<string>>();
  #words = 0;

  constructor(
    private readonly description: INodeTypeDescription,
    private readonly random: Random,
    private readonly makers: Makers,
  ) {}

  /** The parameters of one item. @param fixed chosen already, resource and operation among them */
  fill(fixed: IDataObject): IDataObject {
    const values: IDataObject = { ...fixed };
    const scope = this.#scopeOf(fixed);
    for (const property of this.description.properties) {
      if (property.type === 'notice' || !this.#isShown(values, property)) continue;
      const path = `${scope}.${property.name}`;
      if (!(property.name in fixed)) values[property.name] = this.#make(property, path, values);
      this.note(path, values[property.name]);
    }
    return values;
  }

  /** The parameters that never had two different values, by their paths, below the operations that were filled in. */
  neverVaried(): string[] {
    const scopes = new Set([...this.#seen.keys()].map((path) => path.split('.', 2).join('.')));
    const all = [...scopes].flatMap((scope) => this.#pathsOf(scope));
    return [...new Set(all)].filter((path) => (this.#seen.get(path)?.size ?? 0) < 2).sort();
  }

  /** A text that no other is. */
  word(prefix = 'Palavra'): string {
    this.#words += 1;
    return `${prefix} ${this.#words}`;
  }

  #scopeOf({ resource, operation }: IDataObject): string {
    return `${resource as string}.${operation as string}`;
  }

  #isShown(values: IDataObject, property: INodeProperties): boolean {
    return NodeHelpers.displayParameter(values as never, property, null, this.description);
  }

  /** Keeps a value that was put in behind. */
  note(path: string, value: unknown): void {
    const seen = this.#seen.get(path) ?? new Set<string>();
    seen.add(JSON.stringify(value) ?? 'absent');
    this.#seen.set(path, seen);
  }

  #make(property: INodeProperties, path: string, values: IDataObject): never {
    const maker = this.makers[path] ?? this.makers[property.name];
    const made = maker?.({ random: this.random, values, property });
    if (made !== undefined) this.#noteRows(property, path, made);
    return (made === undefined ? this.#ofKind(property, path, values) : made) as never;
  }

  /** The fields of rows that were put in as a whole. */
  #noteRows(property: INodeProperties, path: string, made: unknown): void {
    if (property.type !== 'fixedCollection') return;
    for (const row of Object.values(made as Record<string, IDataObject[]>).flat()) {
      for (const [name, value] of Object.entries(row)) this.note(`${path}.${name}`, value);
    }
  }

  #ofKind(property: INodeProperties, path: string, values: IDataObject): unknown {
    switch (property.type) {
      case 'options':
        return pick(this.random, optionsOf(property)).value;
      case 'boolean':
        return this.random() < 0.5;
      case 'number': {
        const { minValue = 1, maxValue = 100, numberPrecision = 0 } = property.typeOptions ?? {};
        const number = minValue + this.random() * (maxValue - minValue);
        return Number(number.toFixed(numberPrecision));
      }
      case 'collection':
        return this.#collection(property, path, values);
      case 'fixedCollection':
        return this.#rows(property, path, values);
      case 'string':
        return this.word();
      default:
        throw new Error(`Nothing says what stands in "${path}" of the kind ${property.type}.`);
    }
  }

  #collection(property: INodeProperties, path: string, values: IDataObject): IDataObject {
    const fields = (property.options ?? []) as INodeProperties[];
    const chosen: IDataObject = {};
    for (const field of fields) {
      const isChosen = this.random() < 0.5;
      if (isChosen) chosen[field.name] = this.#make(field, `${path}.${field.name}`, values);
      this.note(`${path}.${field.name}`, chosen[field.name]);
    }
    return chosen;
  }

  #rows(property: INodeProperties, path: string, values: IDataObject): IDataObject {
    const [group] = (property.options ?? []) as INodePropertyCollection[];
    if (!group) return {};
    const most = Math.min(3, property.typeOptions?.maxValue ?? 3);
    const count = 1 + Math.floor(this.random() * most);
    const rows = Array.from({ length: count }, () => {
      const row: IDataObject = {};
      for (const field of group.values) {
        const fieldPath = `${path}.${field.name}`;
        if (!NodeHelpers.displayParameter(row as never, field, null, this.description)) continue;
        row[field.name] = this.#make(field, fieldPath, values);
        this.note(fieldPath, row[field.name]);
      }
      return row;
    });
    return { [group.name]: rows };
  }

  #pathsOf(scope: string): string[] {
    const [resource, operation] = scope.split('.');
    const shown = { resource, operation };
    return this.description.properties
      .filter(({ name, type }) => type !== 'notice' && !(name in shown))
      .filter(({ displayOptions }) => {
        const { resource: resources, operation: operations } = displayOptions?.show ?? {};
        return resources?.includes(resource ?? '') && operations?.includes(operation ?? '');
      })
      .flatMap((property) => pathsBelow(property, `${scope}.${property.name}`));
  }
}

function pathsBelow(property: INodeProperties, path: string): string[] {
  if (property.type === 'collection') {
    const fields = (property.options ?? []) as INodeProperties[];
    return [path, ...fields.flatMap((field) => pathsBelow(field, `${path}.${field.name}`))];
  }
  if (property.type !== 'fixedCollection') return [path];
  const groups = (property.options ?? []) as INodePropertyCollection[];
  const fields = groups.flatMap(({ values }) => values);
  return [path, ...fields.flatMap((field) => pathsBelow(field, `${path}.${field.name}`))];
}

function optionsOf({ options = [] }: INodeProperties): INodePropertyOptions[] {
  return options as INodePropertyOptions[];
}

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
}
