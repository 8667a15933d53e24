import { describe, expect, it } from 'vitest';
import { Assembler } from '../../src/probe/assemble.ts';

const started = (usage: object = {}): Assembler => {
  const assembler = new Assembler();
  expect(assembler.take({ type: 'message_start', message: { id: 'gen-1', usage } })).toBe('progress');
  return assembler;
};

describe('an answer that is put together', () => {
  it('has a hundred blocks at most', () => {
    const assembler = started();
    const open = (index: number): string =>
      assembler.take({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } });
    expect(new Set(Array.from({ length: 100 }, (_, index) => open(index)))).toEqual(new Set(['progress']));
    expect(open(100)).toBe('broken');
  });

  it('lacks a call’s arguments outside deltas in a stream alone, not in a whole message', () => {
    const call = { type: 'tool_use', id: 'toolu_1', name: 'x', input: { a: 1 } };
    const streamed = started();
    streamed.take({ type: 'content_block_start', index: 0, content_block: call });
    streamed.take({ type: 'content_block_stop', index: 0 });
    expect(streamed.lack).toBeDefined();
    const whole = new Assembler();
    expect(whole.takeMessage({ content: [call], stop_reason: 'tool_use' })).toBe(true);
    expect([whole.lack, whole.answer.toolUses[0]?.input]).toEqual([undefined, { a: 1 }]);
  });

  it('costs the account’s own key nothing where no such key was used', () => {
    const details = { cost: 0.01, cost_details: { upstream_inference_cost: 0.004 } };
    expect(started({ ...details, is_byok: false }).answer.usage).toMatchObject({ cost: 0.01, ownKeyCost: null });
    expect(started({ ...details, is_byok: true }).answer.usage).toMatchObject({ cost: 0.01, ownKeyCost: 0.004 });
  });
});
