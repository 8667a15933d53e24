import { describe, expect, it } from 'vitest';
import { describeReload, reloadCommands } from '../../src/change/reload.ts';
import { machineWith, place } from '../support/machine.ts';
import { shellContext } from '../support/shell-context.ts';
import { textAfter } from '../support/start-files.ts';

const BLOCK = textAfter('sh', '');
const machine = machineWith();
const ctx = shellContext({ files: { [place('bash')]: BLOCK, [place('zsh')]: BLOCK, [place('fish')]: textAfter('fish', '') } });
const [BASH, ZSH] = ['source ~/.bashrc', 'source ~/.zshrc'];

describe('the commands that load written files', () => {
  it('are one for each shell whose files are known', () => {
    const nowhere = { files: [], notes: [], offered: true };
    expect(reloadCommands(ctx, ['bash', 'zsh', 'bash', 'user', 'powershell'], machine)).toEqual([BASH, ZSH]);
    expect(reloadCommands(ctx, ['bash', 'zsh'], { located: new Map([...machine.located, ['bash', nowhere]]) })).toEqual([ZSH]);
  });

  it('are told in one line of what was written, where a start runs it', () => {
    const lines = (owners: Parameters<typeof describeReload>[1], from = ctx): readonly (readonly string[])[] =>
      describeReload(from, owners, machine).map((line) => [...line.matchAll(/`(.*?)`/g)].map(([, command = '']) => command));
    expect(lines([{ owner: 'config' }, { owner: 'bash' }, { owner: 'user' }, { owner: 'bash' }])).toEqual([[BASH]]);
    expect(lines([{ owner: 'zsh' }, { owner: 'bash' }])).toEqual([[ZSH, BASH]]);
    for (const none of [[], [{ owner: 'user' as const }], [{ owner: 'state' as const }]]) expect(lines(none)).toEqual([]);
    const idle = shellContext({ files: { [place('bash')]: `if false; then\n${BLOCK}fi\n`, [place('zsh')]: BLOCK } });
    expect(lines([{ owner: 'bash' }, { owner: 'zsh' }], idle)).toEqual([[ZSH]]);
  });
});
