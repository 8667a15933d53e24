import { settingsTarget } from './settings-target.ts';

export const project = settingsTarget('project', 'everyone who works on this project; only the mapping, never the key');
