import type { MessageTemplate, TemplateFace } from './definition';

export type VariableKind = 'text' | 'url' | 'number' | 'instant' | 'json';

/** One value that a template wants when it is sent. */
export interface TemplateVariable {
  /**
   * Where it goes, in the words of `fillTemplate`: `body:1`, `body:nome`, `header:image`, `button:0:url`,
   * `card:1:body:1`.
   */
  slot: string;
  /** For people: `Body 1 (Ana)`. */
  label: string;
  kind: VariableKind;
  required: boolean;
  example: string | null;
}

/** `{{1}}` or `{{nome}}`, in the order of the text, each once. */
export function placeholdersOf(text: string | null): string[] {
  const found = [...(text ?? '').matchAll(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g)].map(
    (match) => match[1],
  );
  return [...new Set(found.filter((name) => name !== undefined))];
}

/** Everything that the template wants, in the order in which people read it. Static parts want nothing. */
export function variablesOf(template: MessageTemplate): TemplateVariable[] {
  const offer: TemplateVariable[] = template.offer?.expires
    ? [variable('offer:expiresAt', 'Offer Ends At', 'instant')]
    : [];
  const cards = template.cards.flatMap((card, index) =>
    faceVariables(card, `card:${index}:`, `Card ${index + 1}: `),
  );
  return [...faceVariables(template, '', ''), ...offer, ...cards];
}

function faceVariables(face: TemplateFace, slot: string, label: string): TemplateVariable[] {
  return [
    ...headerVariables(face, slot, label),
    ...placeholdersOf(face.body).map((name) =>
      variable(`${slot}body:${name}`, `${label}Body ${name}`, 'text', face.bodyExamples[name]),
    ),
    ...buttonVariables(face, slot, label),
  ];
}

function headerVariables(
  { header }: TemplateFace,
  slot: string,
  label: string,
): TemplateVariable[] {
  switch (header?.format) {
    case 'TEXT':
      return placeholdersOf(header.text).map((name, index) =>
        variable(`${slot}header:${name}`, `${label}Header ${name}`, 'text', header.examples[index]),
      );
    case 'IMAGE':
      return [variable(`${slot}header:image`, `${label}Header Image (URL or Media ID)`, 'url')];
    case 'VIDEO':
      return [variable(`${slot}header:video`, `${label}Header Video (URL or Media ID)`, 'url')];
    case 'DOCUMENT':
      return [
        variable(`${slot}header:document`, `${label}Header Document (URL or Media ID)`, 'url'),
        optional(`${slot}header:fileName`, `${label}Header Document Name`, 'text'),
      ];
    case 'LOCATION':
      return [
        variable(`${slot}header:latitude`, `${label}Header Latitude`, 'number'),
        variable(`${slot}header:longitude`, `${label}Header Longitude`, 'number'),
        variable(`${slot}header:placeName`, `${label}Header Place Name`, 'text'),
        variable(`${slot}header:address`, `${label}Header Address`, 'text'),
      ];
    case 'PRODUCT':
      return [
        variable(`${slot}header:productId`, `${label}Header Product ID`, 'text'),
        variable(`${slot}header:catalogId`, `${label}Header Catalogue ID`, 'text'),
      ];
    default:
      return [];
  }
}

function buttonVariables(
  { buttons }: TemplateFace,
  slot: string,
  label: string,
): TemplateVariable[] {
  return buttons.flatMap(({ type, text, url, example }, index): TemplateVariable[] => {
    const at = `${slot}button:${index}`;
    const name = `${label}Button "${text}"`;
    switch (type) {
      case 'URL':
        return placeholdersOf(url).length === 0
          ? []
          : [variable(`${at}:url`, `${name}: End of Its Address`, 'text', example ?? undefined)];
      case 'QUICK_REPLY':
        return [optional(`${at}:payload`, `${name}: Payload`, 'text')];
      case 'COPY_CODE':
        return [variable(`${at}:code`, `${name}: Code`, 'text', example ?? undefined)];
      case 'OTP':
        return [variable(`${at}:url`, `${name}: Code`, 'text')];
      case 'FLOW':
        return [
          optional(`${at}:flowToken`, `${name}: Flow Token`, 'text'),
          optional(`${at}:flowData`, `${name}: Flow Data (JSON)`, 'json'),
        ];
      case 'CATALOG':
        return [optional(`${at}:productId`, `${name}: Product ID of the Picture`, 'text')];
      case 'MPM':
        return [
          variable(`${at}:productId`, `${name}: Product ID of the Picture`, 'text'),
          variable(`${at}:sections`, `${name}: Sections (JSON)`, 'json'),
        ];
      default:
        return [];
    }
  });
}

function variable(
  slot: string,
  label: string,
  kind: VariableKind,
  example?: string,
): TemplateVariable {
  return { slot, label, kind, required: true, example: example || null };
}

function optional(slot: string, label: string, kind: VariableKind): TemplateVariable {
  return { slot, label, kind, required: false, example: null };
}
