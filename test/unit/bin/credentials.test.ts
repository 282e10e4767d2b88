import path from 'node:path';
import type { INodeTypeDescription } from 'n8n-workflow';
import { CREDENTIALS_OF_NODES } from '../../../bin/workflows/credentials';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import manifest from '../../../package.json';

/** Which account a node works with; the store is a choice of every node. */
const STORE = 'omnichannelStoreApi';

describe('the credentials that the installer gives to nodes', () => {
  it('are those that the nodes ask for', async () => {
    const asked: Record<string, string[]> = {};
    for (const file of manifest.n8n.nodes) {
      const exported = (await import(path.join(ROOT, file))) as Record<
        string,
        new () => { description: INodeTypeDescription }
      >;
      const Node = exported[path.basename(file, '.node.js')];
      if (Node === undefined) throw new Error(`${file} exports no class of its own name.`);
      const { description } = new Node();
      const types = (description.credentials ?? [])
        .map(({ name }) => name)
        .filter((name) => name !== STORE);
      if (types.length > 0) asked[description.name] = types;
    }
    expect(CREDENTIALS_OF_NODES).toEqual(asked);
  });
});
