import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../src/cli/commands.ts';

const names = async (asked?: string): Promise<readonly string[] | undefined> =>
  (await loadProgram(asked)).commands?.map(({ name }) => name);

describe('the table of commands', () => {
  it('gives each command under the name of its own row', async () => {
    const all = (await names()) ?? [];
    expect(all.length).toBeGreaterThan(20);
    for (const name of all) expect(await names(name)).toEqual([name]);
  });

  it('gives all of them where none has that name', async () => {
    expect(await names('no-such-command')).toEqual(await names());
    expect(await names('toString')).toEqual(await names());
  });
});
