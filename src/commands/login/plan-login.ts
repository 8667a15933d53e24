import type { KeyHandle } from '../../config/storage.ts';
import type { Context } from '../../core/context.ts';
import type { ChangeFlags } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { KeyDecision } from '../../keys/desire-key.ts';
import type { PresentKey } from '../../keys/present-key.ts';
import { nameItem } from '../../keys/store-key.ts';
import { describePlaceOf } from '../../keys/stored-view.ts';
import { stripControls } from '../../text/text.ts';

interface LoginPlan extends Pick<ChangeFlags, 'replace' | 'force'> {
  readonly baseUrl: string;
  /** Where the key would come from, for the Decision. */
  readonly source: string;
}

/** What is decided before there is a key. */
type LoginDecision = Omit<KeyDecision, 'key'> & { readonly key: Omit<KeyHandle, 'hash'> };

/** The outcome of a dry run whose key would come from a login. No browser is opened, since each login creates a key at OpenRouter. */
export function planLogin(ctx: Context, present: PresentKey, { baseUrl, source, replace, force }: LoginPlan): Outcome {
  const { storage, machine } = present;
  const place = describePlaceOf(ctx, storage);
  const key = { source, storage: nameItem(storage, present) };
  const decision: LoginDecision = { key, oldStorage: storage, keyUrl: baseUrl, replace, force };
  const data = { baseUrl, storage: storage.kind, place, configured: machine.config !== undefined, decision };
  return viewLoginPlan(baseUrl, `in ${place}`, data);
}

/** The same with the command's own `data`; `where` it would store the key: `as work`. */
export function viewLoginPlan(baseUrl: string, where: string, data: Readonly<Record<string, unknown>>): Outcome {
  return {
    exit: 'ok',
    data: { kind: 'dry-run', ...data },
    findings: [],
    text: () => '',
    remarks: () => `A login at ${stripControls(new URL(baseUrl).host)} would store its key ${where}\nNothing was written (--dry-run)`,
  };
}
