import {
  planSettingsFile,
  type OwnedMember,
  type SettingsInput,
  type SettingsMember,
  type SettingsPlan,
} from '../../src/edit/json/settings-edit.ts';

export const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');

/** Plans a settings file of which orcc owns nothing, unless `more` says so. */
export function planSettings(
  before: Uint8Array | null,
  desired: readonly SettingsMember[],
  more: Partial<SettingsInput> = {},
): SettingsPlan {
  return planSettingsFile({
    path: '/h/settings.json',
    before,
    desired,
    owned: [],
    createdFile: false,
    replace: false,
    force: false,
    ...more,
  });
}

/** Plans and insists that it worked. `kinds`: those of the notes. */
export function applySettings(before: Uint8Array | string | null, desired: readonly SettingsMember[], more: Partial<SettingsInput> = {}) {
  const result = planSettings(typeof before === 'string' ? bytesOf(before) : before, desired, more);
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  // What is remembered must survive a round trip through state.json.
  const owned = JSON.parse(JSON.stringify(result.owned)) as readonly OwnedMember[];
  const text = result.after === null ? null : Buffer.from(result.after).toString('utf8');
  return { ...result, owned, text, kinds: result.notes.map(({ kind }) => kind) };
}
