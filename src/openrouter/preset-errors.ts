import { PAGES } from '../core/hosts.ts';
import { OrccError } from '../core/errors.ts';

/** The error (exit 2 PRESET_MISSING) for a preset that the account doesn't have. `alias`: the alias it is, or would be, mapped to. */
export function unknownPreset(alias: string | undefined, slug: string): OrccError {
  return presetError(`The account has no preset \`${slug}\``, `Create presets at ${PAGES.presets}`, alias, slug);
}

/** The same error for a preset that exists but is turned off, so that requests with it are refused. */
export function disabledPreset(alias: string | undefined, slug: string): OrccError {
  return presetError(`The preset \`${slug}\` is turned off in the account`, `Turn it on at ${PAGES.presets}`, alias, slug);
}

function presetError(message: string, hint: string, alias: string | undefined, slug: string): OrccError {
  return new OrccError('usage', alias === undefined ? message : `${message} (${alias})`, {
    code: 'PRESET_MISSING',
    hint: alias === undefined ? hint : `${hint}; \`--force\` uses it anyway`,
    data: { ...(alias === undefined ? {} : { alias }), slug },
  });
}
