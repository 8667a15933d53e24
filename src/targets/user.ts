import { settingsTarget } from './settings-target.ts';

export const user = settingsTarget('user', 'every terminal and IDE; beats the shell');
