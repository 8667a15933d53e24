/** What an action gives; where it throws, `fallback`: for looking at what may not be there, or may be gone meanwhile. */
export function attempt<T>(action: () => T): T | undefined;
export function attempt<T, F>(action: () => T, fallback: F): T | F;
export function attempt<T>(action: () => T, fallback?: unknown): unknown {
  try {
    return action();
  } catch {
    return fallback;
  }
}
