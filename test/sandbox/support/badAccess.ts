import { get, type BadRequest } from './badRequestRows.ts';

/** Section A.1, A.2 (9), A.7: version, path, token, proof. */
export const ACCESS: BadRequest[] = [
  get('an unversioned call (A.1)', '/!me', 100, { own: true }),
  get('a version that has ended (A.1, A.7)', '/v19.0/me', 2635),
  get('a version that does not exist (A.1)', '/v99.0/me', 2500),
  get('a path that does not exist (A.1)', '/{page}/inbox', 2500),
  get('a host that is not the Graph', '/me', 100, { own: true, headers: { host: 'example.org' } }),
  get('a Page token on the host of Instagram Login (A.4)', '/me', 190, {
    headers: { host: 'graph.instagram.com' },
  }),
  get('no token (A.7)', '/me', 2500, { params: { access_token: '' } }),
  get('an unknown token (A.7)', '/me', 190, { params: { access_token: 'EAAGnobody' } }),
  get('an expired token (A.7)', '/me', 190, {
    subcode: 463,
    before: (h) => h.control('PATCH', `/tokens/${h.seed.pageAccessToken}`, { expire: true }),
  }),
  ...[458, 459, 460, 464, 467, 492].map((subcode) =>
    get(`a token invalid with subcode ${subcode} (A.7)`, '/me', 190, {
      subcode,
      before: (h) =>
        h.control('PATCH', `/tokens/${h.seed.pageAccessToken}`, { invalid: { subcode } }),
    }),
  ),
  get('a lost session (A.7)', '/me', 102, {
    before: (h) =>
      h.control('PATCH', `/tokens/${h.seed.pageAccessToken}`, { invalid: { code: 102 } }),
  }),
  get('a wrong appsecret_proof (A.2, 9)', '/me', 100, {
    params: { appsecret_proof: 'ab'.repeat(32) },
  }),
  get('no appsecret_proof where the app requires it (A.2, 9)', '/me', 100, {
    before: (h) => h.control('PATCH', `/apps/${h.seed.app.id}`, { requireAppSecret: true }),
  }),
  get('an id that does not exist (B.9)', '/123456', 100, { subcode: 33 }),
  get('an alias that does not exist (A.7)', '/clinica.nenhuma', 803),
  get('an undocumented parameter', '/me', 100, { own: true, params: { pretty: '1' } }),
  get('an undocumented field of a Page', '/{page}', 100, {
    own: true,
    params: { fields: 'name,fan_count' },
  }),
  get('a malformed fields expression', '/{page}', 100, {
    params: { fields: 'name,instagram_business_account{id' },
  }),
  get('me/accounts with a Page token', '/me/accounts', 100, { own: true }),
  get('debug_token without input_token (A.2, 7)', '/debug_token', 100, {
    params: { access_token: '{appToken}' },
  }),
  get('a profile of a person who never wrote (B.9)', '/{stranger}', 100, { subcode: 33 }),
  get('a profile field that no document names (B.9)', '/{person}', 100, {
    own: true,
    params: { fields: 'email' },
  }),
  get('conversations of an unknown platform (B.9)', '/{page}/conversations', 100, {
    params: { platform: 'whatsapp' },
  }),
];
