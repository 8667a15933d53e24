import { shellOf } from '../edit/shell/list.ts';
import { shellIdOf, type TargetId } from './types.ts';

/** The lines that unset variables in a running shell, in sh syntax if the shell is not known. */
export function unsetLines(shell: TargetId | undefined, names: readonly string[]): readonly string[] {
  return shellOf((shell && shellIdOf(shell)) ?? 'sh').unset(names);
}

/** The same as one command. */
export function unsetCommand(shell: TargetId | undefined, names: readonly string[]): string {
  return unsetLines(shell, names).join('; ');
}

/** The commands that unset variables in the environment that a tmux server gives to new panes. */
export function tmuxUnsetCommand(names: readonly string[]): string {
  return names.map((name) => `tmux set-environment -gu ${name}`).join('; ');
}
