import type { INodeProperties } from 'n8n-workflow';

/**
 * The properties of a node whose only credential is a choice under Options (another store): n8n's editor (2.40) loads no
 * list of a resource locator of a node that has a credential type and no credential chosen, unless the list says that it
 * needs none ("Could not load list").
 */
export function listsWithoutCredential(properties: readonly INodeProperties[]): INodeProperties[] {
  return properties.map((property) =>
    property.modes === undefined
      ? property
      : {
          ...property,
          modes: property.modes.map((mode) =>
            mode.type === 'list'
              ? { ...mode, typeOptions: { ...mode.typeOptions, skipCredentialsCheckInRLC: true } }
              : mode,
          ),
        },
  );
}
