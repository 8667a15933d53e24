import { expect, it } from 'vitest';
import { knownOutput } from '../../../src/edit/shell/shell-tools.ts';

it.each([
  ['eval "$(starship init bash)"', 'harmless'],
  ['eval "$(/usr/bin/zoxide init bash)"', 'harmless'],
  ['eval `dircolors`', 'harmless'],
  ['fzf --fish | source', 'harmless'],
  ['iex (oh-my-posh.exe init pwsh)', 'harmless'],
  ['eval "$(docker completion bash)"', 'harmless'],
  ['eval "$(fnm env)"', 'harmless'],
  ['eval "$(direnv hook bash)"', 'direnv'],
  ['eval "$(mise activate bash)"', 'mise'],
  ['eval "$(~/.local/bin/rtx.exe activate zsh)"', 'mise'],
  ['eval "$(mystarship init bash)"', undefined],
  ['eval "$(starship-x init)"', undefined],
  ['eval "$(my direnvs hook)"', undefined],
  ['eval "$(pass work)"', undefined],
])('what is known of %s is %s', (statement, known) => {
  expect(knownOutput(statement)).toBe(known);
});
