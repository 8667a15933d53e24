import { settingsTarget } from './settings-target.ts';

export const local = settingsTarget('local', 'Claude Code in this folder, only for you');
