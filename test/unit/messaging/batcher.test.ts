import { Batcher } from '../../../core/store/batcher';
import { StoreError } from '../../../core/model';

/** A batcher whose batches the test lets go, one after the other. */
function held(most = 100) {
  const batches: number[][] = [];
  const gates: Array<PromiseWithResolvers<void>> = [];
  const batcher = new Batcher<number, string>({
    most,
    async run(items) {
      batches.push(items);
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
      return items.map((item) => `done ${item}`);
    },
  });
  return { batcher, batches, gates };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('callers that need the same work', () => {
  it('share a batch when they ask in the same turn, and each gets its own result', async () => {
    const { batcher, batches, gates } = held();
    const answers = Promise.all([batcher.add(1), batcher.add(2), batcher.add(3)]);
    await turn();
    gates[0]?.resolve();
    expect(await answers).toEqual(['done 1', 'done 2', 'done 3']);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('that come while a batch runs share the next one', async () => {
    const { batcher, batches, gates } = held();
    const first = batcher.add(1);
    await turn();
    const later = Promise.all([batcher.add(2), batcher.add(3)]);
    await turn();
    expect(batches).toEqual([[1]]);
    gates[0]?.resolve();
    await first;
    await turn();
    gates[1]?.resolve();
    expect(await later).toEqual(['done 2', 'done 3']);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('are no more in one batch than it may hold', async () => {
    const { batcher, batches, gates } = held(2);
    const answers = Promise.all([1, 2, 3].map((item) => batcher.add(item)));
    for (let batch = 0; batch < 2; batch += 1) {
      await turn();
      gates[batch]?.resolve();
    }
    await answers;
    expect(batches).toEqual([[1, 2], [3]]);
  });

  it('do not suffer from one among them whose work fails', async () => {
    const batches: number[][] = [];
    const batcher = new Batcher<number, number>({
      most: 100,
      async run(items) {
        batches.push(items);
        await turn();
        if (items.includes(13)) throw new Error('This one cannot be stored.');
        return items;
      },
    });
    const answers = await Promise.allSettled([1, 13, 2].map((item) => batcher.add(item)));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(batches).toEqual([[1, 13, 2], [1], [13], [2]]);
  });

  it('all hear of it at once when the store is away', async () => {
    let runs = 0;
    const batcher = new Batcher<number, number>({
      most: 100,
      async run() {
        runs += 1;
        await turn();
        throw new StoreError('store_unavailable', 'The server does not answer.', true);
      },
    });
    const answers = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(runs).toBe(1);
  });
});
