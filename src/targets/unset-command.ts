import type { TargetId } from './types.ts';

/** The command that takes variables out of a running shell; sh's where the shell is not known. */
export function unsetCommand(shell: TargetId | undefined, names: readonly string[]): string {
  if (shell === 'fish') return names.map((name) => `set -e ${name}`).join('; ');
  if (shell === 'powershell') return `Remove-Item ${names.map((name) => `Env:${name}`).join(', ')}`;
  return `unset ${names.join(' ')}`;
}

/** The commands that take variables out of what a tmux server gives to new panes. */
export function tmuxUnsetCommand(names: readonly string[]): string {
  return names.map((name) => `tmux set-environment -gu ${name}`).join('; ');
}
