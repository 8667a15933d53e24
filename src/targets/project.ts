import { settingsTarget } from './settings-target.ts';

export const project = settingsTarget('project', 'everyone who works on this project; the mapping alone, never the key');
