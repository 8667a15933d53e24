/** A JSON object whose members are not known yet. */
export type Json = Record<string, unknown>;

/**
 * A copy without the members that are null: real answers leave out most of
 * those that the description lists. `stop_reason` and `stop_sequence` stay.
 */
export function withoutNulls(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value).filter(([name, member]) => member !== null || name === 'stop_reason' || name === 'stop_sequence'),
  );
}
