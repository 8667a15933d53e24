/** What is wrong with a lockfile's packages: one sentence each. */
export function strangersIn(lock: unknown): readonly string[];
