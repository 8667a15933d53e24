import { describe, expect, it } from 'vitest';
import { createContext } from '../../src/system/index.ts';

describe('the real Context', () => {
  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('has no variable %s that the environment does not set', (name) => {
    const { env } = createContext(new AbortController().signal, () => 'cancelled');
    expect(env[name]).toBeUndefined();
    expect(env['PATH']).toBe(process.env['PATH']);
  });
});
