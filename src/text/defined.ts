/** The same to be filled in, member by member. */
export type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** The members that have a value: what may be absent is left out, since `undefined` would be an answer. */
export function defined<T extends object>(members: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
