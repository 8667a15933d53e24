/** The result of an action, or `fallback` if it throws: for reading what may be missing, or may disappear meanwhile. */
export function attempt<T>(action: () => T): T | undefined;
export function attempt<T, F>(action: () => T, fallback: F): T | F;
export function attempt<T>(action: () => T, fallback?: unknown): unknown {
  try {
    return action();
  } catch {
    return fallback;
  }
}
