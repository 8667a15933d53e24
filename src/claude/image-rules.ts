/** Where the rules stand in a settings file. */
export const DENY_PATH = ['permissions', 'deny'] as const;

/** Suffixes of what Claude Code reads as an image, in any case. */
const SUFFIXES = ['png', 'jpg', 'jpeg', 'gif', 'webp'];

/**
 * Rules that keep images from a model that takes none: after one OpenRouter answers 404 to every later request of the session, a resumed
 * one too. Measured on 2.1.332 and 2.1.300: the Read tool, `@picture.png`, a path that is dropped or pasted into the prompt, and
 * `cat picture.png` are refused, in any folder and in small and capital letters; a picture pasted from the clipboard goes through.
 * `**\/*.png` without the two slashes holds in the folder of the session alone.
 */
export const IMAGE_RULES: readonly string[] = SUFFIXES.map((suffix) => `Read(//**/*.${suffix})`);

/** The same as members of a settings file: single elements of an array in which others may stand. */
export const IMAGE_MEMBERS = IMAGE_RULES.map((value) => ({ path: DENY_PATH, value, element: true as const }));

/** Said before it is asked, one line each. */
export const IMAGE_EXPLANATION: readonly string[] = [
  'Every mapped model takes text only: once a session has read an image, OpenRouter refuses it from then on, even when resumed.',
  'Rules in its settings keep Claude Code from reading images: on its own, as `@picture.png`, or as a path dropped into the prompt.',
  'They do not cover a picture pasted from the clipboard (Ctrl+V), which still ends the session.',
  "Switching to a model that takes images removes the rules again (`orcc switch`, or `orcc switch --here` for a folder's own mapping), as does `orcc remove`.",
];
