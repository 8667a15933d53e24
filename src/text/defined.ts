/** The type without `readonly`, for an object that is filled in member by member. */
export type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Drops the members that are undefined, since an optional member must be absent, not undefined (exactOptionalPropertyTypes). */
export function defined<T extends object>(members: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
