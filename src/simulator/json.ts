/** A JSON object whose members are not known yet. */
export type Json = Record<string, unknown>;

/**
 * A copy without the members that are null: the wire leaves most of those out
 * where the description has them. `stop_reason` and `stop_sequence` stay.
 */
export function withoutNulls(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value).filter(([name, member]) => member !== null || name === 'stop_reason' || name === 'stop_sequence'),
  );
}
