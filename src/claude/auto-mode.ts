import type { Layers, Placement } from './layers.ts';

/**
 * The one settings member needed to turn auto mode off: with it in user, project or local settings,
 * Claude Code asks the user again (measured on 2.1.330, interactive).
 */
export const AUTO_MODE_OFF = { path: ['permissions', 'disableAutoMode'], value: 'disable' } as const;

/** What `init` says before it offers to turn auto mode off, one line each. */
export const AUTO_MODE_EXPLANATION: readonly string[] = [
  "Claude Code starts in auto mode: before it runs a command, it asks Anthropic's servers whether that is safe.",
  'A gateway does not answer that question, so the first command stops at a dialog.',
  'With auto mode off in user settings, Claude Code asks you instead; nothing else changes.',
];

/** Where auto mode is turned off, in the strongest layer that does; undefined if none does. */
export function findAutoModeOff(layers: Layers): Placement | undefined {
  for (const { layer, path, members } of layers.settings) {
    if (members.disableAutoMode !== undefined) return { layer, file: path, ...members.disableAutoMode };
  }
  return undefined;
}
