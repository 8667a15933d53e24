import { settingsTarget } from './settings-target.ts';

export const user = settingsTarget('user', 'Claude Code alone, in every terminal and IDE; beats the shell');
