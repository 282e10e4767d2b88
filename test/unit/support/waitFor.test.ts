import { waitFor } from '../../support/waitFor';

describe('waitFor', () => {
  it('returns the first value that is there', async () => {
    let looks = 0;
    const seen = await waitFor(() => (++looks < 3 ? undefined : looks), {
      what: 'the third look',
      intervalMs: 1,
    });
    expect(seen).toBe(3);
  });

  it('takes zero and the empty string for an answer', async () => {
    await expect(waitFor(() => 0, { what: 'a number' })).resolves.toBe(0);
    await expect(waitFor(() => '', { what: 'a text' })).resolves.toBe('');
  });

  it('takes a throwing look for "not yet"', async () => {
    let looks = 0;
    const look = async () => {
      looks += 1;
      if (looks < 2) throw new Error('refused');
      return 'open';
    };
    await expect(waitFor(look, { what: 'the port', intervalMs: 1 })).resolves.toBe('open');
  });

  it('says what it waited for and what it saw last', async () => {
    await expect(
      waitFor(() => false, { what: 'the welcome', timeoutMs: 5, intervalMs: 1 }),
    ).rejects.toThrow('Timed out after 5 ms waiting for the welcome; last seen: false');
  });

  it('keeps the last error as the cause', async () => {
    const look = () => {
      throw new Error('connection refused');
    };
    const failure = await waitFor(look, { what: 'n8n', timeoutMs: 5, intervalMs: 1 }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ cause: { message: 'connection refused' } });
  });
});
