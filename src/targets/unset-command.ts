import type { TargetId } from './types.ts';

/** The command that unsets variables in a running shell, in sh syntax if the shell is not known. */
export function unsetCommand(shell: TargetId | undefined, names: readonly string[]): string {
  if (shell === 'fish') return names.map((name) => `set -e ${name}`).join('; ');
  if (shell === 'powershell') return `Remove-Item ${names.map((name) => `Env:${name}`).join(', ')}`;
  return `unset ${names.join(' ')}`;
}

/** The commands that unset variables in the environment that a tmux server gives to new panes. */
export function tmuxUnsetCommand(names: readonly string[]): string {
  return names.map((name) => `tmux set-environment -gu ${name}`).join('; ');
}
