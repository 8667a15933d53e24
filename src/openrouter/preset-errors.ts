import { OrccError } from '../core/errors.ts';

const PAGE = 'https://openrouter.ai/settings/presets';

/** `alias`: where it is mapped, or was to be. */
export function unknownPreset(alias: string | undefined, slug: string): OrccError {
  return presetError(`The account has no preset \`${slug}\``, `Create presets at ${PAGE}`, alias, slug);
}

/** The same for one that is there and switched off, so that requests with it are refused. */
export function disabledPreset(alias: string | undefined, slug: string): OrccError {
  return presetError(`The preset \`${slug}\` is turned off in the account`, `Turn it on at ${PAGE}`, alias, slug);
}

function presetError(message: string, hint: string, alias: string | undefined, slug: string): OrccError {
  return new OrccError('usage', alias === undefined ? message : `${message} (${alias})`, {
    code: 'PRESET_MISSING',
    hint: alias === undefined ? hint : `${hint}; \`--force\` uses it anyway`,
    data: { ...(alias === undefined ? {} : { alias }), slug },
  });
}
