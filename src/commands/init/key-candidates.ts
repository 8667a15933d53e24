import { AUTH_TOKEN } from '../../claude/variables.ts';
import { OWN_STORAGE } from '../../config/storage.ts';
import type { Context } from '../../core/context.ts';
import { isReusable } from '../../config/parse-key.ts';
import type { Layers } from '../../claude/layers.ts';
import type { StartupAssignment } from '../../targets/startup.ts';
import { shortPath } from '../../text/text.ts';
import type { KeyCandidate } from './key-step.ts';

/**
 * OpenRouter keys already on this machine, best first: orcc's own, OPENROUTER_API_KEY, then tokens in settings files, profiles and
 * this terminal. Only keys of the `sk-or-` shape are offered: another vendor's token must not be sent to OpenRouter.
 */
export function listCandidates(
  ctx: Pick<Context, 'env' | 'home'>,
  own: string | undefined,
  layers: Layers,
  startup: readonly StartupAssignment[],
): readonly KeyCandidate[] {
  const found: KeyCandidate[] = [];
  if (own !== undefined) found.push({ key: own, where: OWN_STORAGE, isPresent: true });
  const add = (key: string | undefined, where: string): void => {
    if (key === undefined || !isReusable(key.trim()) || found.some((each) => each.key === key.trim())) return;
    found.push({ key: key.trim(), where, isPresent: false });
  };
  add(ctx.env['OPENROUTER_API_KEY'], 'OPENROUTER_API_KEY');
  for (const file of layers.settings) {
    const token = file.env.get(AUTH_TOKEN);
    add(token?.value, `${shortPath(file.path, ctx.home)}${token?.line === undefined ? '' : `:${token.line}`}`);
  }
  for (const each of startup) {
    if (each.name === AUTH_TOKEN || each.name === 'OPENROUTER_API_KEY')
      add(each.value ?? undefined, `${shortPath(each.file, ctx.home)}:${each.line}`);
  }
  add(ctx.env[AUTH_TOKEN], `${AUTH_TOKEN} of this terminal`);
  return found;
}
