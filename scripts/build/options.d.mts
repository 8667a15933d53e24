import type { InputOptions } from 'rolldown';

/** How rolldown reads the sources. */
export function sourceOptions(version: string): Pick<InputOptions, 'resolve'>;
