/** The path of the rules in a settings file. */
export const DENY_PATH = ['permissions', 'deny'] as const;

/** Suffixes of the files that Claude Code reads as images, upper or lower case. */
const SUFFIXES = ['png', 'jpg', 'jpeg', 'gif', 'webp'];

/**
 * Rules that keep images from a model that takes none: after one image, OpenRouter answers 404 to every later request of the session,
 * even when resumed. Measured on 2.1.332 and 2.1.300: they block the Read tool, `@picture.png`, a path dropped or pasted into the prompt,
 * and `cat picture.png`, in any folder and in upper or lower case; a picture pasted from the clipboard gets through.
 * Without the two slashes, `**\/*.png` would apply only to the session's folder.
 */
export const IMAGE_RULES: readonly string[] = SUFFIXES.map((suffix) => `Read(//**/*.${suffix})`);

/** The rules as members of a settings file: single elements of an array that may contain others. */
export const IMAGE_MEMBERS = IMAGE_RULES.map((value) => ({ path: DENY_PATH, value, element: true as const }));

/** What is said before the user is asked about these rules, one line each. */
export const IMAGE_EXPLANATION: readonly string[] = [
  'Every mapped model takes text only: once a session has read an image, OpenRouter refuses it from then on, even when resumed.',
  "Rules in Claude Code's settings keep it from reading images: on its own, as `@picture.png`, or as a path dropped into the prompt.",
  'They do not cover a picture pasted from the clipboard (Ctrl+V), which still ends the session.',
  "Switching to a model that takes images removes the rules again (`orcc switch`, or `orcc switch --here` for a folder's own mapping), as does `orcc remove`.",
];
