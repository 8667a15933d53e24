import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { checkKey } from '../init/key-step.ts';
import { createSay } from '../../core/say.ts';
import { changeFlags, parseIntent } from '../../core/intent.ts';
import { requireExact } from '../../config/parse-key.ts';
import { describePlaceOf, describeStored } from '../../keys/stored-view.ts';
import { describeStorages, parseKeyStorage, type KeyStorage } from '../../config/storage.ts';
import { readPresentKey, urlInUse, type PresentKey } from '../../keys/present-key.ts';
import { storeKey } from '../../keys/store-key.ts';
import { admitKey } from '../../openrouter/endpoint.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import type { Outcome } from '../../core/outcome.ts';
import { checkHome } from '../../targets/check-home.ts';
import { createStyle } from '../../text/style.ts';
import { renderTable } from '../../text/table.ts';

const schema = z.object({
  kind: z.optional(z.string().check(z.maxLength(200))),
  check: z._default(z.boolean(), true),
  to: toFlag,
  ...changeFlags,
});

/** `orcc key storage [KIND]`: where the key lives and could live; with KIND moves it there and leaves no copy behind. */
export async function runKeyStorage(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const wanted = intent.kind === undefined ? undefined : parseKeyStorage(intent.kind);
  const present = await readPresentKey(ctx);
  if (wanted === undefined) return list(ctx, present);
  const say = createSay(ctx.stderr, await createStyle(ctx.stderr), intent.json);
  if (present.machine.config === undefined)
    throw new OrccError('nothing', 'Nothing is configured yet', { hint: `Run \`orcc init --key-storage ${intent.kind ?? 'file'}\`` });
  if (!intent.dryRun) checkHome(ctx);
  const key = keyToMove(ctx, present, wanted);
  if (key !== present.key) {
    const endpoint = await admitKey(ctx, key, present.destination, { storedFor: await urlInUse(ctx, present), to: intent.to });
    if (intent.check) await checkKey(ctx, endpoint, say);
  }
  const stored = await storeKey(ctx, {
    command: 'key storage',
    key,
    source: wanted.kind === 'env' ? `the variable ${wanted.ref ?? ''}` : "orcc's own storage",
    storage: wanted,
    replace: intent.replace,
    force: intent.force,
    yes: intent.yes,
    dryRun: intent.dryRun,
    say,
    question: `Move the key to ${describePlaceOf(ctx, wanted)}?`,
  });
  const outcome = describeStored(ctx, stored, { key, baseUrl: present.baseUrl });
  if (present.storage.kind !== 'env' || wanted.kind === 'env' || stored.kind !== 'applied') return outcome;
  return {
    ...outcome,
    remarks: (style) =>
      `${outcome.remarks?.(style) ?? ''}\nThe variable ${present.storage.ref ?? ''} still holds the key where you export it: take that line out`,
  };
}

/** The key to be moved; a variable that is to be the storage holds the key already, maybe another one. */
function keyToMove(ctx: Pick<Context, 'env'>, { key, storage }: PresentKey, wanted: KeyStorage): string {
  if (wanted.kind === 'env') {
    const value = ctx.env[wanted.ref ?? ''] ?? '';
    if (value === '') {
      throw new OrccError('usage', `The variable ${wanted.ref ?? ''} is not set here`, {
        code: 'KEY_MISSING',
        hint: 'Export it in your profile first, open a new terminal, then run this again',
      });
    }
    return requireExact(value, wanted.ref ?? '');
  }
  if (key === undefined) {
    const where = storage.kind === 'env' ? `the variable ${storage.ref ?? ''}` : 'its storage';
    throw new OrccError('key', `There is no key in ${where} that could be moved`, {
      code: 'KEY_MISSING',
      hint: '`orcc key set` or `orcc login` stores one',
    });
  }
  return key;
}

function list(ctx: Context, { storage, key }: PresentKey): Outcome {
  const rows = describeStorages();
  return {
    exit: 'ok',
    data: {
      storage: storage.kind,
      ref: storage.ref ?? null,
      place: describePlaceOf(ctx, storage),
      stored: key !== undefined,
      storages: rows,
    },
    findings: [],
    text: (style) =>
      renderTable(
        [{ title: 'storage' }, { title: 'shells' }, { title: 'user, local' }, { title: 'what it is' }],
        rows.map((row) => [
          row.kind === storage.kind ? `${row.kind} *` : row.kind,
          row.shells ? 'yes' : 'no',
          row.settings ? 'yes' : 'no',
          row.what,
        ]),
        style,
      ),
    remarks: () => `* in use: ${describePlaceOf(ctx, storage)}`,
  };
}
