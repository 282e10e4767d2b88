import { metaPace } from '../../../core/providers/meta/sendPace';

describe('the pace of Instagram and Messenger', () => {
  it('is ten a second for recordings and videos of an Instagram account', () => {
    expect(metaPace({ channel: 'instagram' }, { type: 'audio' })).toEqual({ perSecond: 10 });
    expect(metaPace({ channel: 'instagram' }, { type: 'video' })).toEqual({ perSecond: 10 });
  });

  it('is left to the account’s own limits for everything else', () => {
    expect(metaPace({ channel: 'instagram' }, { type: 'text' })).toBeUndefined();
    expect(metaPace({ channel: 'instagram' }, { type: 'image' })).toBeUndefined();
    expect(metaPace({ channel: 'messenger' }, { type: 'video' })).toBeUndefined();
  });
});
