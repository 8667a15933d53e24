import { DEFAULT_BASE_URL } from '../../core/hosts.ts';
import type { OtherAddress } from '../../change/api-source.ts';
import type { InEffect } from '../../change/in-effect.ts';
import type { Machine } from '../../change/machine.ts';
import { effectiveMapping, inEffect } from '../../claude/layers.ts';
import { AUTH_TOKEN } from '../../claude/variables.ts';
import { keyUrlOf } from '../../config/config.ts';
import type { Context } from '../../core/context.ts';
import type { Outcome } from '../../core/outcome.ts';

/** The other address to which the key in effect would go, in a new terminal and in this one; undefined if it would not. */
interface Elsewhere {
  readonly later: OtherAddress | undefined;
  readonly here: OtherAddress | undefined;
}

/**
 * Finds out whether the key would go to another address. Reads only files, and loads nothing more if the setup is in effect as it
 * was made.
 */
export async function keyElsewhere(ctx: Context, machine: Machine, now: InEffect): Promise<Elsewhere> {
  const { config } = machine;
  const mapping = effectiveMapping(now.layers, 'process');
  const urls = [now.mapping.baseUrl, mapping.baseUrl].flatMap((each) => each?.value.trim() ?? []);
  // As set up, which is the usual case: nothing more is loaded.
  if (urls.every((url) => config !== undefined && url === keyUrlOf(config))) return { later: undefined, here: undefined };
  const { findOtherAddress } = await import('../../change/api-source.ts');
  const later = findOtherAddress(ctx, machine, now);
  if (now.view === 'process') return { later, here: later };
  const token = inEffect(now.layers, AUTH_TOKEN, 'process')?.value ?? (now.mapping.token === undefined ? now.token : undefined);
  return { later, here: findOtherAddress(ctx, machine, { mapping, token }) };
}

/** The address that the key belongs to, for the command's data; null if the key goes nowhere else. */
export function belongsTo(other: OtherAddress | undefined): string | null {
  return other === undefined ? null : (other.storedFor ?? DEFAULT_BASE_URL);
}

/** The finding, once for both, with its text; empty if there is none. */
export async function tellElsewhere({ later, here }: Elsewhere): Promise<Required<Pick<Outcome, 'findings' | 'remarks'>>> {
  const [found] = [here, later].flatMap((each) => each ?? []);
  if (found === undefined) return { findings: [], remarks: () => '' };
  const [{ findingOf }, { renderFindings }] = await Promise.all([import('../../diagnose/build.ts'), import('../../core/finding.ts')]);
  const args = { baseUrl: found.baseUrl, right: found.storedFor, said: found.from };
  const findings = [findingOf('KEY_OTHER_ADDRESS', args, ['Claude Code, started here, would send the key there'])];
  return { findings, remarks: (style) => renderFindings(findings, style) };
}
