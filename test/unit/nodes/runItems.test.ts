import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { itemParameters } from '../../../nodes/shared/itemParameters';
import { Lanes } from '../../../nodes/shared/lanes';
import { runItems } from '../../../nodes/shared/runItems';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('items that run several at a time', () => {
  it('begin in their order, never more than allowed, and end in their order', async () => {
    const begun: number[] = [];
    let under = 0;
    let most = 0;
    const results = await runItems(
      20,
      async (index) => {
        begun.push(index);
        under += 1;
        most = Math.max(most, under);
        for (let turns = 20 - index; turns > 0; turns -= 1) await turn();
        under -= 1;
        return `item ${index}`;
      },
      { atOnce: 4 },
    );
    expect(begun).toEqual([...begun].sort((a, b) => a - b));
    expect(most).toBe(4);
    expect(results).toEqual(Array.from({ length: 20 }, (_, index) => `item ${index}`));
  });

  it('do not begin any more after an error, and those under way come to their end', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const running = runItems(
      10,
      async (index) => {
        begun.push(index);
        if (index === 1) throw new Error('The second fails.');
        await turn();
        await turn();
        ended.push(index);
      },
      { atOnce: 3 },
    );
    await expect(running).rejects.toThrow('The second fails.');
    expect(begun).toEqual([0, 1, 2]);
    expect(ended).toEqual([0, 2]);
  });

  it('tell the error of the first of them, whichever came first', async () => {
    const running = runItems(
      2,
      async (index) => {
        if (index === 0) await turn();
        throw new Error(`Item ${index} fails.`);
      },
      { atOnce: 2 },
    );
    await expect(running).rejects.toThrow('Item 0 fails.');
  });

  it('do not begin any more when the execution is cancelled', async () => {
    const cancelling = new AbortController();
    const results = await runItems(
      5,
      async (index) => {
        if (index === 1) cancelling.abort();
        return index;
      },
      { atOnce: 1, signal: cancelling.signal },
    );
    expect(results).toEqual([0, 1]);
  });

  it('are none where there are none', async () => {
    expect(await runItems(0, async () => 1, { atOnce: 5 })).toEqual([]);
  });
});

describe('lanes', () => {
  it('run side by side, each in its own order, also after a task that failed', async () => {
    const lanes = new Lanes();
    const log: string[] = [];
    const task =
      (name: string, turns: number, fails = false) =>
      async () => {
        log.push(`${name} begins`);
        for (let count = 0; count < turns; count += 1) await turn();
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
      };
    await Promise.allSettled([
      lanes.run('Ana', task('Ana 1', 3, true)),
      lanes.run('Ana', task('Ana 2', 1)),
      lanes.run('Bia', task('Bia 1', 1)),
    ]);
    expect(log.indexOf('Ana 2 begins')).toBeGreaterThan(log.indexOf('Ana 1 ends'));
    expect(log.indexOf('Bia 1 ends')).toBeLessThan(log.indexOf('Ana 1 ends'));
  });
});

describe('the parameters of many items', () => {
  const properties = [
    { displayName: 'Text', name: 'text', type: 'string', default: '' },
    { displayName: 'Recipient', name: 'recipient', type: 'string', default: '' },
    {
      displayName: 'Options',
      name: 'options',
      type: 'collection',
      default: {},
      options: [{ displayName: 'Tenant', name: 'tenant', type: 'string', default: '' }],
    },
  ] as const satisfies INodeProperties[];

  function contextOf(parameters: Record<string, unknown>) {
    const reads: string[] = [];
    const context = {
      getNode: () => ({ parameters }),
      getInputData: () => [{ json: {} }, { json: {} }],
      getNodeParameter: (name: string, itemIndex: number) => {
        reads.push(`${name} ${itemIndex}`);
        return name === 'options' ? {} : `${name} of item ${itemIndex}`;
      },
    } as unknown as IExecuteFunctions;
    return { context, reads };
  }

  it('are read once where they hold no expression, and for each item where they do', () => {
    const parameters = { text: 'Oi', recipient: '={{ $json.id }}', options: { tenant: 'a' } };
    const { context, reads } = contextOf(parameters);
    const readerFor = itemParameters(context, properties);
    for (const itemIndex of [0, 1]) {
      const read = readerFor(itemIndex);
      read('text');
      read('options');
      expect(read('recipient')).toBe(`recipient of item ${itemIndex}`);
    }
    expect(reads).toEqual(['text 0', 'options 0', 'recipient 0', 'recipient 1']);
  });

  it('are read for each item where an expression hides inside them, or where n8n fills in a default', () => {
    const { context, reads } = contextOf({ options: { tenant: '={{ $json.tenant }}' } });
    const readerFor = itemParameters(context, properties);
    for (const itemIndex of [0, 1]) {
      readerFor(itemIndex)('options');
      readerFor(itemIndex)('text');
    }
    expect(reads).toEqual(['options 0', 'text 0', 'options 1', 'text 1']);
  });
});
