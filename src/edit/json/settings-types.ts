/** A JSON value that orcc writes into a settings file. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One member that a settings file shall hold: `['env', 'ANTHROPIC_MODEL']`. */
export interface SettingsMember {
  readonly path: readonly string[];
  /** undefined: the present value is set aside, and restored when orcc leaves. */
  readonly value: JsonValue | undefined;
  /** One element of the array at that path, among others that may be there: `['permissions', 'deny']`. */
  readonly element?: true;
  /** Someone else's value gives way without consent, since this one holds it too; it comes back on removal. */
  readonly takesOver?: true;
}

/** What orcc remembers of a member that it wrote, so that it can take it out without a trace. */
export interface OwnedMember {
  readonly path: readonly string[];
  /** First 16 hex digits of the SHA-256 of the JSON text that orcc wrote. */
  readonly sum: string;
  /** One element of the array at that path; its sum tells which. */
  readonly element?: true | undefined;
  /** Raw JSON text that stood in its place. May be someone's token. */
  readonly replaced?: string | undefined;
  /** Objects above it that orcc made, outermost first; of an element the array too. */
  readonly createdParents: ReadonlyArray<readonly string[]>;
  /** Objects above it, of an element the array too, that were there but empty, with the blanks that stood between their braces. */
  readonly filled?: ReadonlyArray<{ readonly path: readonly string[]; readonly text: string }> | undefined;
  /** The whole file's text where it was nothing but blanks. */
  readonly blank?: string | undefined;
  /** It was put aside whole (`replaced` is its value): where it stood. */
  readonly stood?: Stood | undefined;
}

/** Where a member stood among its neighbours, and its spelling, for an exact way back. */
export interface Stood {
  /** The key of the member before it; absent where it was the first. */
  readonly after?: string;
  readonly lead: string;
  readonly rawKey: string;
  readonly colon: string;
  /** The blanks before the next member, where it was the first of several. */
  readonly nextLead?: string;
  /** The blanks before the closing brace. */
  readonly tail: string;
}

export interface SettingsInput {
  /** For messages alone. */
  readonly path: string;
  /** null: there is no file. */
  readonly before: Uint8Array | null;
  /** Every member that orcc wants in this file; [] takes all of orcc's out. */
  readonly desired: readonly SettingsMember[];
  /** What orcc wrote here before. */
  readonly owned: readonly OwnedMember[];
  /** orcc made this file: it goes away with orcc's last member if nobody added to it. */
  readonly createdFile: boolean;
  /** May replace someone else's values, which come back on removal. */
  readonly replace: boolean;
  /** May overwrite what someone changed in orcc's own members. */
  readonly force: boolean;
}

export interface SettingsNote {
  /**
   * kept: had the wanted value already, is not orcc's. edited: orcc's, was changed by someone, is gone or overwritten now.
   * gone: orcc's, was taken out by someone. replaced: someone's value gave way. merged: orcc's stands in it too. aside: someone's member was taken out. restored: it is back. bom: the file has a byte order mark.
   */
  readonly kind: 'kept' | 'edited' | 'gone' | 'replaced' | 'merged' | 'aside' | 'restored' | 'bom';
  /** Empty for a note on the whole file. */
  readonly member: readonly string[];
  readonly text: string;
}

export interface SettingsConflict {
  readonly path: readonly string[];
  /** The present value, safe to show: keys and tokens are hidden. */
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
