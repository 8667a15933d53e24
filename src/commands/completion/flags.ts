import { COMPLETION_SHELLS } from '../../completion/shells.ts';
import type { CommandRow } from '../../core/command.ts';

export const completionCommand: CommandRow = {
  name: 'completion',
  summary: 'print the completion script of a shell',
  arguments: [{ name: 'shell', shape: '<shell>', note: 'which shell', choices: COMPLETION_SHELLS }],
  flags: [],
  examples: [
    'source <(orcc completion bash)                        # in ~/.bashrc',
    'source <(orcc completion zsh)                         # in ~/.zshrc, after compinit',
    'orcc completion fish > ~/.config/fish/completions/orcc.fish',
    'orcc completion powershell | Out-String | Invoke-Expression   # in $PROFILE',
  ],
  isUnguarded: true,
  load: async () => (await import('./completion.ts')).runCompletion,
};

/** Run by the scripts of `orcc completion` at each TAB. */
export const completeCommand: CommandRow = {
  name: '__complete',
  summary: '',
  flags: [
    { flags: '--shell <shell>', note: '', choices: COMPLETION_SHELLS },
    { flags: '--next', note: 'the word at the cursor is still empty' },
  ],
  load: async () => (await import('./completion.ts')).runComplete,
};
