/** A JSON value that orcc writes into a settings file. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One member that a settings file is to hold: `['env', 'ANTHROPIC_MODEL']`. */
export interface SettingsMember {
  readonly path: readonly string[];
  /** undefined: the current value is set aside, and restored when orcc is removed. */
  readonly value: JsonValue | undefined;
  /** One element of the array at that path, among others that may be there: `['permissions', 'deny']`. */
  readonly element?: true;
  /** Replaces someone else's value without being asked to, since this one includes it; theirs comes back on removal. */
  readonly takesOver?: true;
}

/** What orcc remembers about a member that it wrote, so that it can remove it without a trace. */
export interface OwnedMember {
  readonly path: readonly string[];
  /** First 16 hex digits of the SHA-256 of the JSON text that orcc wrote. */
  readonly sum: string;
  /** One element of the array at that path; its sum tells which. */
  readonly element?: true | undefined;
  /** Raw JSON text that it replaced. May be someone's token. */
  readonly replaced?: string | undefined;
  /** Objects above it that orcc made, outermost first; for an element also the array. */
  readonly createdParents: ReadonlyArray<readonly string[]>;
  /** Objects above it (for an element also the array) that existed but were empty, with the blanks that were in them. */
  readonly filled?: ReadonlyArray<{ readonly path: readonly string[]; readonly text: string }> | undefined;
  /** The whole file's text if it was nothing but blanks. */
  readonly blank?: string | undefined;
  /** Its old place, if it was set aside altogether (`replaced` is its value). */
  readonly stood?: Stood | undefined;
}

/** A member's old place among its neighbours, and its spelling, so that it can be restored exactly. */
export interface Stood {
  /** The key of the member before it; absent if it was the first. */
  readonly after?: string;
  readonly lead: string;
  readonly rawKey: string;
  readonly colon: string;
  /** The blanks before the next member, if it was the first of several. */
  readonly nextLead?: string;
  /** The blanks before the closing brace. */
  readonly tail: string;
}

export interface SettingsInput {
  /** Only for messages. */
  readonly path: string;
  /** null: there is no file. */
  readonly before: Uint8Array | null;
  /** Every member that orcc wants in this file; [] removes all of orcc's. */
  readonly desired: readonly SettingsMember[];
  /** What orcc wrote here before. */
  readonly owned: readonly OwnedMember[];
  /** True if orcc made this file: it is deleted with orcc's last member if nobody added to it. */
  readonly createdFile: boolean;
  /** May replace someone else's values, which come back on removal. */
  readonly replace: boolean;
  /** May overwrite what someone changed in orcc's own members. */
  readonly force: boolean;
}

export interface SettingsNote {
  /**
   * kept: already had the desired value, and is not orcc's. edited: orcc's, changed by someone, now removed or overwritten.
   * gone: orcc's, removed by someone. replaced: someone's value, now orcc's. merged: someone's value, now with orcc's added.
   * aside: someone's member, removed for now. restored: someone's value is back. bom: the file has a byte order mark.
   */
  readonly kind: 'kept' | 'edited' | 'gone' | 'replaced' | 'merged' | 'aside' | 'restored' | 'bom';
  /** Empty for a note on the whole file. */
  readonly member: readonly string[];
  readonly text: string;
}

export interface SettingsConflict {
  readonly path: readonly string[];
  /** The current value, safe to show: keys and tokens are hidden. */
  readonly present: string;
}

export type SettingsPlan =
  | {
      readonly ok: true;
      readonly after: Uint8Array | null;
      readonly owned: readonly OwnedMember[];
      readonly notes: readonly SettingsNote[];
    }
  | {
      readonly ok: false;
      readonly code: 'SETTINGS_INVALID' | 'FOREIGN_VALUE' | 'EDITED';
      readonly message: string;
      readonly line?: number;
      readonly column?: number;
      readonly conflicts?: readonly SettingsConflict[];
      readonly hint: string;
    };
