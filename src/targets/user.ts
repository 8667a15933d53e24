import { settingsTarget } from './settings-target.ts';

export const user = settingsTarget('user', 'every terminal and IDE; overrides the shell');
