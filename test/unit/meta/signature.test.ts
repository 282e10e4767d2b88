import { createHmac } from 'node:crypto';
import { answerHandshake, verifyMetaSignature } from '../../../core/providers/meta';

const SECRET = 'app-secret-for-tests';
const INSTAGRAM_BODY =
  '{"object":"instagram","entry":[{"id":"17841400000000001","time":1795000000,"messaging":[]}]}';
const INSTAGRAM_HEX = 'c4e2b898eb887be655dd922d0516ef4eb0444c2f7e6d751d19da84057c7fe023';
/** With the escapes as written: these are the bytes that Meta signs. */
const PAGE_BODY = String.raw`{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"message":{"mid":"m_1","text":"Ol\u00e1 \ud83d\ude00"}}]}]}`;
const PAGE_HEX = '400f17f23845f4ca02cbf002af40b1e6733134893dedaa18cb145f8b35026a65';
const RESERIALISED_HEX = 'd25583f5515e102504b6a10ab7b58d510c8487aae17fd3cdd112e9c8a02bb11b';

const verify = (body: string | Buffer, header: string | undefined, secrets = [SECRET]) =>
  verifyMetaSignature(Buffer.from(body), header, secrets);
const sign = (body: string | Buffer, secret: string) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('verifyMetaSignature', () => {
  it('accepts the documented vectors', () => {
    expect(verify(INSTAGRAM_BODY, `sha256=${INSTAGRAM_HEX}`)).toBe(true);
    expect(verify(PAGE_BODY, `sha256=${PAGE_HEX}`)).toBe(true);
  });

  it('refuses a body that was parsed and written again: other bytes, other signature', () => {
    const again = JSON.stringify(JSON.parse(PAGE_BODY));
    expect(again).not.toBe(PAGE_BODY);
    expect(verify(again, `sha256=${PAGE_HEX}`)).toBe(false);
    expect(verify(PAGE_BODY, `sha256=${RESERIALISED_HEX}`)).toBe(false);
    expect(verify(again, `sha256=${RESERIALISED_HEX}`)).toBe(true);
  });

  it('accepts bytes that are no UTF-8', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    expect(verify(bytes, sign(bytes, SECRET))).toBe(true);
  });

  it('accepts either of several secrets and refuses what none of them signed', () => {
    const header = sign(PAGE_BODY, 'instagram-app-secret');
    expect(verify(PAGE_BODY, header, [SECRET, 'instagram-app-secret'])).toBe(true);
    expect(verify(PAGE_BODY, header, ['instagram-app-secret', SECRET])).toBe(true);
    expect(verify(PAGE_BODY, header, [SECRET])).toBe(false);
    expect(verify(PAGE_BODY, header, [])).toBe(false);
  });

  it('never verifies with an empty or missing secret', () => {
    const secrets = ['', undefined] as string[];
    expect(verify(PAGE_BODY, sign(PAGE_BODY, ''), secrets)).toBe(false);
    expect(verify(PAGE_BODY, sign(PAGE_BODY, 'undefined'), secrets)).toBe(false);
  });

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['hex without its prefix', PAGE_HEX],
    ['another scheme', `sha1=${PAGE_HEX}`],
    ['a digit too few', `sha256=${PAGE_HEX.slice(1)}`],
    ['a digit too many', `sha256=${PAGE_HEX}0`],
    ['upper case', `sha256=${PAGE_HEX.toUpperCase()}`],
    ['letters that are no hex', `sha256=${'z'.repeat(64)}`],
    ['a line end behind it', `sha256=${PAGE_HEX}\n`],
    ['two signatures', `sha256=${PAGE_HEX},sha256=${PAGE_HEX}`],
    ['one flipped bit', `sha256=5${PAGE_HEX.slice(1)}`],
  ])('refuses %s', (_name, header) => {
    expect(verify(PAGE_BODY, header)).toBe(false);
  });

  it('does not throw for values that are not what their types say', () => {
    const list = [`sha256=${PAGE_HEX}`] as unknown as string;
    expect(verifyMetaSignature(Buffer.from(PAGE_BODY), list, [SECRET])).toBe(false);
    const text = PAGE_BODY as unknown as Buffer;
    expect(verifyMetaSignature(text, `sha256=${PAGE_HEX}`, [SECRET])).toBe(false);
    const nothing = undefined as unknown as Buffer;
    expect(verifyMetaSignature(nothing, `sha256=${PAGE_HEX}`, [SECRET])).toBe(false);
  });
});

describe('answerHandshake', () => {
  const query = {
    'hub.mode': 'subscribe',
    'hub.challenge': '1158201444',
    'hub.verify_token': 'right',
  };

  it('gives the challenge back as plain text', () => {
    expect(answerHandshake(query, 'right')).toEqual({
      status: 200,
      headers: expect.objectContaining({ 'content-type': 'text/plain; charset=utf-8' }),
      body: '1158201444',
    });
  });

  it.each([
    ['a wrong token', { 'hub.verify_token': 'wrong' }],
    ['a longer token', { 'hub.verify_token': 'right and more' }],
    ['a token given twice', { 'hub.verify_token': ['right', 'right'] }],
    ['no token', { 'hub.verify_token': undefined }],
    ['another mode', { 'hub.mode': 'unsubscribe' }],
    ['no mode', { 'hub.mode': undefined }],
    ['no challenge', { 'hub.challenge': undefined }],
    ['an empty challenge', { 'hub.challenge': '' }],
    ['a challenge with markup', { 'hub.challenge': '<script>alert(1)</script>' }],
    ['a challenge of two lines', { 'hub.challenge': '1\n2' }],
  ])('answers 403 with a constant text to %s', (_name, change) => {
    const answer = answerHandshake({ ...query, ...change }, 'right');
    expect(answer).toMatchObject({ status: 403, body: 'Forbidden' });
  });

  it('answers 403 while no verify token is set, also to an empty one', () => {
    expect(answerHandshake({ ...query, 'hub.verify_token': '' }, '')).toMatchObject({
      status: 403,
    });
    expect(answerHandshake(query, undefined)).toMatchObject({ status: 403 });
  });
});
