import {
  findConnectLink,
  insertConnectLink,
  listConnectLinks,
  revokeConnectLinkRow,
  touchConnectLink,
  type ConnectLinkRow,
} from '../store/statements/connectLinks';
import { tenantUnit } from '../store/unit';

export const saveLink = tenantUnit(
  __filename,
  'saveLink',
  async (
    tx,
    link: Pick<ConnectLinkRow, 'id' | 'scope' | 'name' | 'language' | 'expires_at'>,
  ): Promise<ConnectLinkRow> => insertConnectLink(tx, link),
);

export const readLinks = tenantUnit(
  __filename,
  'readLinks',
  async (tx, { limit }: { limit: number }): Promise<ConnectLinkRow[]> =>
    listConnectLinks(tx, limit),
);

export const readLinkRow = tenantUnit(
  __filename,
  'readLinkRow',
  async (tx, { linkId }: { linkId: string }): Promise<ConnectLinkRow | undefined> =>
    findConnectLink(tx, linkId),
);

export const dropLink = tenantUnit(
  __filename,
  'dropLink',
  async (tx, { linkId }: { linkId: string }): Promise<ConnectLinkRow | undefined> =>
    revokeConnectLinkRow(tx, linkId),
);

/** The link, with a note that it was used. Its stored scope must be the signed one. */
export const useLink = tenantUnit(
  __filename,
  'useLink',
  async (
    tx,
    { linkId, scope }: { linkId: string; scope: string },
  ): Promise<ConnectLinkRow | undefined> => {
    const link = await findConnectLink(tx, linkId);
    if (!link || link.scope !== scope) return undefined;
    await touchConnectLink(tx, linkId);
    return link;
  },
  { durability: 'normal' },
);
