import { OrccError } from '../../core/errors.ts';
import { requireName, requirePrintable, requireSourceName } from './printable.ts';
import type { BlockContent } from './types.ts';

/** A variable and its value, or the mark that it gets the key. */
export type Setting = { readonly name: string; readonly value: string } | { readonly name: string; readonly key: true };

/**
 * The variables of a block in the order every syntax writes them, checked: names
 * and values printable, the key not empty, no variable twice. Throws OrccError('usage').
 */
export function settingsOf(content: BlockContent): readonly Setting[] {
  const { key } = content;
  if (key.kind === 'literal' && key.value === '') throw new OrccError('usage', 'The key is empty', { code: 'KEY_MISSING' });
  if (key.kind === 'env') requireSourceName(key.name);
  if (key.kind === 'file') requirePrintable(key.path, "The key file's path");
  if (key.kind === 'command') requirePrintable(key.command, 'The command');
  const token: Setting =
    key.kind === 'literal'
      ? { name: 'ANTHROPIC_AUTH_TOKEN', value: requirePrintable(key.value, 'The key') }
      : { name: 'ANTHROPIC_AUTH_TOKEN', key: true };
  const settings: Setting[] = [
    { name: 'ANTHROPIC_BASE_URL', value: requirePrintable(content.baseUrl, 'The base URL') },
    token,
    { name: 'ANTHROPIC_API_KEY', value: '' },
  ];
  for (const { name, value } of content.variables) {
    if (settings.some((setting) => setting.name === name)) throw new OrccError('bug', `${name} is set twice in one block`);
    settings.push({ name: requireName(name), value: requirePrintable(value, name) });
  }
  return settings;
}
