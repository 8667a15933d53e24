import { ALIAS_IDS } from '../claude/aliases.ts';
import { OrccError } from '../core/errors.ts';
import { PRESET_NAMES } from '../claude/presets.ts';
import { clip, redact, stripControls } from '../text/text.ts';
import { holdsKeyShape } from './key-shape.ts';

const LONGEST = 64;

/**
 * Why a profile can't have this name, as the end of a sentence; undefined if it can. A name is an argument of `orcc switch`
 * and may become a file name, so it must not be a path, a flag, an alias or a preset.
 */
export function whyBadName(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (/[\x00-\x1f\x7f-\x9f]/.test(name)) return 'it contains a control character';
  if (/[/\\]/.test(name)) return 'it contains a slash';
  if (name.includes('..')) return 'it contains two dots in a row';
  if (name.length > LONGEST) return `it is longer than ${LONGEST} characters`;
  if (holdsKeyShape(name)) return 'it looks like a key';
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return 'a name has letters, digits, dots, dashes and underscores';
  if (name === '__proto__' || name === 'constructor') return 'it is reserved';
  const word = name.toLowerCase();
  if (ALIAS_IDS.some((alias) => alias === word)) return 'it is a Claude Code alias';
  if (PRESET_NAMES.includes(word)) return 'it is a preset';
  return undefined;
}

/** Throws exit 2 with the reason if a profile can't have this name. */
export function checkProfileName(name: string): void {
  const why = whyBadName(name);
  if (why === undefined) return;
  throw new OrccError('usage', `A profile can't be called \`${redact(clip(stripControls(name), 40))}\`: ${why}`, {
    hint: 'For example `work` or `big-models`',
  });
}
