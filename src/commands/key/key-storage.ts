import * as z from 'zod/mini';
import type { Context } from '../../core/context.ts';
import { OrccError, nothingConfigured } from '../../core/errors.ts';
import { checkKey } from '../init/key-step.ts';
import { type Say, sayOf } from '../../core/say.ts';
import { changeFlags, flag, parseIntent } from '../../core/intent.ts';
import { askAloud, askKeyCommand } from '../../config/key-command.ts';
import { quoteWord } from '../../text/quote-word.ts';
import { requireExact } from '../../config/parse-key.ts';
import { describePlaceOf, describeStored } from '../../keys/stored-view.ts';
import { describeStorages, OWN_STORAGE, parseKeyStorage, withEachStart, type KeyStorage } from '../../config/storage.ts';
import { readPresentKey, urlInUse, type PresentKey } from '../../keys/present-key.ts';
import { storeKey } from '../../keys/store-key.ts';
import { admitKey } from '../../openrouter/endpoint.ts';
import { toFlag } from '../../openrouter/to-flag.ts';
import type { Outcome } from '../../core/outcome.ts';
import { checkHome } from '../../targets/check-home.ts';
import { renderTable } from '../../text/table.ts';

const schema = z.object({
  kind: z.optional(z.string().check(z.maxLength(2000))),
  eachStart: flag,
  check: z._default(z.boolean(), true),
  to: toFlag,
  ...changeFlags,
});

/** `orcc key storage [KIND]`: shows where the key is stored and where it could be; with KIND, moves it there and leaves no copy behind. */
export async function runKeyStorage(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input);
  const wanted = intent.kind === undefined ? undefined : withEachStart(parseKeyStorage(intent.kind), intent.eachStart);
  const present = await readPresentKey(ctx);
  if (wanted === undefined) return list(ctx, present);
  const say = await sayOf(ctx, intent);
  if (present.machine.config === undefined) throw nothingConfigured(`Run \`orcc init --key-storage ${quoteWord(intent.kind ?? 'file')}\``);
  if (!intent.dryRun) checkHome(ctx);
  const key = await keyToMove(ctx, present, wanted, say);
  if (key !== present.key) {
    const endpoint = await admitKey(ctx, key, present.destination, { storedFor: await urlInUse(ctx, present), to: intent.to });
    if (intent.check) await checkKey(ctx, endpoint, say);
  }
  const stored = await storeKey(ctx, {
    ...intent,
    command: 'key storage',
    key,
    source: wanted.kind === 'env' ? `the variable ${wanted.ref ?? ''}` : wanted.kind === 'command' ? 'the command' : OWN_STORAGE,
    storage: wanted,
    say,
    question: `Move the key to ${describePlaceOf(ctx, wanted)}?`,
  });
  const outcome = describeStored(ctx, stored, { key, baseUrl: present.baseUrl });
  const left =
    present.storage.kind === 'env'
      ? `The variable ${present.storage.ref ?? ''} still holds the key where you export it: remove that line`
      : present.storage.kind === 'command'
        ? `\`${present.storage.ref ?? ''}\` still provides the key: delete it there if you no longer need it`
        : undefined;
  if (left === undefined || wanted.kind === present.storage.kind || stored.kind !== 'applied') return outcome;
  return { ...outcome, remarks: (style) => `${outcome.remarks?.(style) ?? ''}\n${left}` };
}

/**
 * The key to store. If the new storage is a variable or a command, it is the key found there, which may be a different one. Throws
 * exit 2 if that variable is not set, 4 if there is no key to move.
 */
async function keyToMove(ctx: Context, { key, storage }: PresentKey, wanted: KeyStorage, say: Say): Promise<string> {
  if (wanted.kind === 'command') return askAloud(ctx, wanted.ref ?? '', say);
  if (wanted.kind === 'env') {
    const value = ctx.env[wanted.ref ?? ''] ?? '';
    if (value === '') {
      throw new OrccError('usage', `The variable ${wanted.ref ?? ''} is not set here`, {
        code: 'KEY_MISSING',
        hint: 'Export it in your shell profile, open a new terminal, then run this again',
      });
    }
    return requireExact(value, wanted.ref ?? '');
  }
  if (key === undefined) {
    // The command's own error says why it gives no key.
    if (storage.kind === 'command') return askKeyCommand(ctx, storage.ref ?? '');
    const where = storage.kind === 'env' ? `the variable ${storage.ref ?? ''}` : 'its storage';
    throw new OrccError('key', `There is no key in ${where} to move`, {
      code: 'KEY_MISSING',
      hint: '`orcc key set` stores one',
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
        ['storage', 'shells', 'user, local', 'what it is'],
        rows.map((row) => [
          row.kind === storage.kind ? `${row.kind} *` : row.kind,
          row.kind === 'command' ? 'if you accept it' : row.shells ? 'yes' : 'no',
          row.settings ? 'yes' : 'no',
          row.what,
        ]),
        style,
      ),
    remarks: () => `* in use: ${describePlaceOf(ctx, storage)}`,
  };
}
