import { AUTO_MODE_OFF } from '../claude/auto-mode.ts';
import type { Carries, Setup } from './desired.ts';
import type { SettingsMember } from '../edit/json/settings-edit.ts';
import { isShared, type TargetId } from '../targets/types.ts';

/**
 * The members that a settings file shall hold. A shared file is committed and never gets
 * the URL or a key (design, Targets); `extras` is the auto-mode switch alone. `token`: the key, where a file holds it.
 */
export function settingsMembers(
  target: TargetId,
  carries: Carries,
  setup: Setup | undefined,
  disableAutoMode: boolean,
  token?: string,
): readonly SettingsMember[] {
  const autoMode: SettingsMember[] =
    target === 'user' && disableAutoMode && carries !== 'nothing' ? [{ path: AUTO_MODE_OFF.path, value: AUTO_MODE_OFF.value }] : [];
  if (carries !== 'setup' || setup === undefined) return autoMode;
  const env = (name: string, value: string): SettingsMember => ({ path: ['env', name], value });
  if (isShared(target)) return (setup.sharedVariables ?? setup.variables).map(({ name, value }) => env(name, value));
  const mapping = setup.variables.map(({ name, value }) => env(name, value));
  const key: SettingsMember[] =
    setup.settingsKey.kind === 'token'
      ? [env('ANTHROPIC_AUTH_TOKEN', token ?? '')]
      : // A token from a profile would win over the helper, and go out beside it (measured on 2.1.330): blanked here it does not.
        [{ path: ['apiKeyHelper'], value: setup.settingsKey.command }, env('ANTHROPIC_AUTH_TOKEN', '')];
  const windows = setup.modelSettings.map(({ id, autoCompactWindow }) => ({
    path: ['modelSettings', id, 'autoCompactWindow'],
    value: autoCompactWindow,
  }));
  return [env('ANTHROPIC_BASE_URL', setup.baseUrl), ...key, env('ANTHROPIC_API_KEY', ''), ...mapping, ...windows, ...autoMode];
}
