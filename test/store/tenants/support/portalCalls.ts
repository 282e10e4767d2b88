import type { World } from '../../messaging/support/world';

/** As `callsWithIdsOf`, for the units of the hosted pages: ids of the links, walks and pages that the victim has. */
export async function portalCallsWithIdsOf(theirs: World): Promise<Record<string, unknown>> {
  const [page] = await theirs.rows('connect_pages');
  const [link] = await theirs.rows('connect_links');
  const [walk] = await theirs.rows('oauth_states');
  const [picture] = await theirs.rows('account_pictures');
  const [deletion] = await theirs.rows('data_deletions');
  const [login] = await theirs.rows('logins');
  if (!page || !link || !walk || !picture || !deletion || !login) {
    throw new Error('Nothing to steal of the hosted pages.');
  }
  return {
    savePage: { id: page.id, name: 'stolen', url: 'https://stolen.example', serves: 'tenant' },
    dropPage: { pageId: page.id },
    saveLink: { id: 'link-stolen', scope: 'connect', name: 'x', language: null, expires_at: 1 },
    readLinks: { limit: 10 },
    readLinkRow: { linkId: link.id },
    dropLink: { linkId: link.id },
    useLink: { linkId: link.id, scope: link.scope },
    offerAttempt: {
      offer: {
        id: 'walk-stolen',
        link_id: link.id,
        page_id: page.id,
        login: 'facebook',
        account_id: null,
        ticket_hash: 'stolen',
        expires_at: 1,
      },
      since: 0,
      most: 10,
    },
    readLoginAttempts: { linkId: walk.link_id, since: 0 },
    moveAttempt: {
      id: walk.id,
      from: { stage: walk.stage, leaseUntil: walk.lease_until },
      changes: { stage: 'failed' },
    },
    readLogins: null,
    readTenantName: null,
    readPicture: { accountId: picture.account_id },
    savePicture: {
      account_id: picture.account_id,
      source_url: 'https://stolen.example',
      media_type: null,
      data: null,
    },
    beginDeletion: { id: 'deletion-stolen', codeHash: 'stolen' },
    endDeletion: { id: deletion.id, accounts: 9 },
    erasePerson: { loginId: login.id, accountIds: [picture.account_id] },
  };
}
