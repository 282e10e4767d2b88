import type { INodeProperties } from 'n8n-workflow';
import type { Procedure } from '../../../../core/tenants';

/** Which documents follow which procedure; kept among the custom values, as `procedures`. */
export const proceduresField = {
  displayName: 'Procedures',
  name: 'procedures',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true, sortable: true },
  default: {},
  placeholder: 'Add Procedure',
  description:
    'What a person gets after which procedure. The whole list: it takes the place of the one before.',
  options: [
    {
      name: 'procedure',
      displayName: 'Procedure',
      values: [
        {
          displayName: 'Name',
          name: 'name',
          type: 'string',
          default: '',
          placeholder: 'e.g. Clareamento',
          description:
            'As it stands in the title of your appointments; case and accents do not matter',
        },
        {
          displayName: 'Code',
          name: 'code',
          type: 'string',
          default: '',
          placeholder: 'e.g. 81000030',
          description: 'What another system calls it (optional)',
        },
        {
          displayName: 'Documents',
          name: 'documents',
          type: 'fixedCollection',
          typeOptions: { multipleValues: true, sortable: true, maxValue: 10 },
          default: {},
          placeholder: 'Add Document',
          description: 'The files, each sent once',
          options: [
            {
              name: 'document',
              displayName: 'Document',
              values: [
                {
                  displayName: 'URL',
                  name: 'url',
                  type: 'string',
                  default: '',
                  placeholder: 'e.g. https://example.com/orientacoes.pdf',
                  description:
                    'Where the channel fetches it, without a login. PDF goes on every channel.',
                },
                {
                  displayName: 'File Name',
                  name: 'fileName',
                  type: 'string',
                  default: '',
                  placeholder: 'e.g. orientacoes.pdf',
                  description:
                    'As it shows on the phone; keep it free of clinical words. Empty means: documento.pdf.',
                },
                {
                  displayName: 'Title',
                  name: 'title',
                  type: 'string',
                  default: '',
                  placeholder: 'e.g. Orientações',
                  description: 'What the message calls it; the same holds for its words',
                },
              ],
            },
          ],
        },
      ],
    },
  ],
} as const satisfies INodeProperties;

/** What the panel holds of them. */
export interface ProceduresField {
  procedure?: Array<{
    name: string;
    code: string;
    documents: { document?: Array<{ url: string; fileName: string; title: string }> };
  }>;
}

/** The list as it is kept; texts that were left empty are none. */
export function readProceduresField({ procedure = [] }: ProceduresField): Procedure[] {
  return procedure.map(({ name, code, documents }) => ({
    name: name.trim(),
    ...filled({ code }),
    documents: (documents.document ?? []).map(({ url, fileName, title }) => ({
      url: url.trim(),
      ...filled({ fileName, title }),
    })),
  }));
}

function filled<T extends Record<string, string>>(fields: T): Partial<T> {
  const present = Object.entries(fields).flatMap(([name, value]) =>
    value?.trim() ? [[name, value.trim()] as const] : [],
  );
  return Object.fromEntries(present) as Partial<T>;
}
