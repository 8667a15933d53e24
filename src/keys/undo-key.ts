import type { Plan, Edit } from '../apply/types.ts';
import type { ReceiptEdit } from '../apply/journal.ts';
import { holdsKey } from '../apply/keyed.ts';
import { foldersOfKey } from '../change/own-edits.ts';
import { storedUrlOf } from '../change/read-key.ts';
import { editOf, keyIn, NO_FILE, type Machine } from '../change/machine.ts';
import { keyUrlOf, parseConfig, type Config } from '../config/config.ts';
import { EMPTY_STATE, encodeState, parseState, type State } from '../config/state.ts';
import { filedKeys, namedKeyFile, namesOf } from '../config/named-keys.ts';
import { waitsInKeyFile } from '../config/storage.ts';
import type { Context } from '../core/context.ts';
import { OrccError } from '../core/errors.ts';
import { hasKeyFile } from './desire-key.ts';

/**
 * Adds what happens to the key files to the plan of an undo. Changes of the key are not undone, so afterwards it has to be where the
 * restored configuration looks for it, and nowhere else; `answer` is what that configuration's command prints (`commandAfter`). The key
 * file is written before every target and deleted after them (design D4). Throws exit 3 if the restored configuration would need a key
 * that is no longer there, or that is for another address.
 */
export function placeKey(ctx: Pick<Context, 'env'>, plan: Plan, machine: Machine, { key, answer, edits }: KeyNow): Plan {
  const config = configAfter(plan, machine);
  const named = forgetNamed(plan, machine, config);
  if (key === undefined) return named;
  const storedFor = storedUrlOf(machine, key);
  const isReplaced = edits.some(
    ({ path, sumBefore, sumAfter }) => path === machine.own.key && sumBefore !== null && sumBefore !== sumAfter,
  );
  if (config !== undefined && waitsInKeyFile(config) && isReplaced && keyUrlOf(config) !== storedFor) throw otherAddress(storedFor);
  return rememberUrl(placeInUse(ctx, named, { machine, config, key, answer }), machine, config, storedFor);
}

/** The key as it is now, and the edits that are to be undone. */
interface KeyNow {
  readonly key: string | undefined;
  readonly answer: string | undefined;
  readonly edits: readonly ReceiptEdit[];
}

interface InUse extends Omit<KeyNow, 'edits'> {
  readonly machine: Machine;
  readonly config: Config | undefined;
  readonly key: string;
}

/** The error (exit 3) if the key that stays was stored for another address than the setup that would come back. */
function otherAddress(storedFor: string | null): OrccError {
  return new OrccError(
    'nothing',
    `The last change stored a key for ${storedFor ?? 'another address'}, which \`orcc undo\` does not revert`,
    {
      code: 'KEY_OTHER_ADDRESS',
      hint: '`orcc init --base-url URL` sets up the other address with its key',
    },
  );
}

/** If a key file stays without a configuration, the state keeps the address that the key is for. */
function rememberUrl(plan: Plan, machine: Machine, config: Config | undefined, keyUrl: string | null): Plan {
  const { own, files, home, state, platform } = machine;
  if (config !== undefined || keyUrl === null || bytesAfter(plan, machine, own.key) === null) return plan;
  const kept =
    bytesAfter(plan, machine, own.state) === null ? { ...EMPTY_STATE, folders: foldersOfKey(state, own) } : stateAfter(plan, machine);
  if (kept.keyUrl === keyUrl) return plan;
  const edit = editOf(
    { path: own.state, owner: 'state', summary: 'what orcc wrote where' },
    files.get(own.state) ?? NO_FILE,
    encodeState({ ...kept, keyUrl }, home),
    platform === 'win32' ? null : 0o600,
  );
  return { ...plan, edits: [...plan.edits.filter(({ path }) => path !== own.state), edit] };
}

/**
 * Deletes the files of named keys that the restored configuration does not list. Throws exit 3 if that would need a key that is gone, or
 * another key than the one in use, since an undo does not switch keys.
 */
function forgetNamed(plan: Plan, machine: Machine, config: Config | undefined): Plan {
  const { own, files, platform } = machine;
  const now = namesOf(machine);
  const after = namesOf({ config, state: stateAfter(plan, machine) });
  if (after.activeKey !== now.activeKey && Object.keys(after.keys ?? {}).length > 0) {
    throw new OrccError('nothing', 'The last change switched to another key, which `orcc undo` does not revert', {
      hint:
        after.activeKey === undefined
          ? '`orcc key list` shows the names; `orcc key use NAME` switches back to one'
          : `\`orcc key use ${after.activeKey}\` switches back`,
    });
  }
  const lost = filedKeys(after).find((name) => keyIn(files.get(namedKeyFile(own, name, platform))) === '');
  if (lost !== undefined) {
    throw new OrccError('nothing', `The last change deleted the key ${lost}, which \`orcc undo\` does not revert`, {
      hint: `\`orcc key add ${lost}\` stores it again`,
    });
  }
  const gone = filedKeys(now).filter((name) => !filedKeys(after).includes(name));
  return withoutNamed(plan, gone, { own, files, platform });
}

function withoutNamed(plan: Plan, names: readonly string[], { own, files, platform }: Pick<Machine, 'own' | 'files' | 'platform'>): Plan {
  const edits = names.flatMap((name): Edit[] => {
    const path = namedKeyFile(own, name, platform);
    const file = files.get(path) ?? NO_FILE;
    return file.bytes === null ? [] : [editOf({ path, owner: 'key', summary: `the key ${name}` }, file, null)];
  });
  return { ...plan, edits: [...plan.edits, ...edits] };
}

function placeInUse(ctx: Pick<Context, 'env'>, plan: Plan, { machine, config, key, answer }: InUse): Plan {
  const { own } = machine;
  if (config?.keyStorage.kind === 'keychain' && machine.config?.keyStorage.kind !== 'keychain') {
    throw new OrccError('nothing', 'The last change removed the key from the keychain, which `orcc undo` does not revert', {
      hint: '`orcc key storage keychain` puts it there again',
    });
  }
  const now = machine.files.get(own.key) ?? NO_FILE;
  const edit = (after: Uint8Array | null, summary: string): Edit =>
    editOf({ path: own.key, owner: 'key', summary }, now, after, after === null || machine.platform === 'win32' ? null : 0o600);
  // Without a configuration `init` looks in the file: the profiles that held the key are about to lose it.
  if (config === undefined ? machine.config?.keyStorage.kind === 'profile' : waitsInKeyFile(config)) {
    if (hasKeyFile(machine)) return plan;
    return { ...plan, edits: [edit(Buffer.from(`${key}\n`, 'utf8'), 'the key, readable only by you'), ...plan.edits] };
  }
  if (!hasKeyFile(machine) || config === undefined || !isElsewhere(ctx, plan, machine, config, key, answer)) return plan;
  return { ...plan, edits: [...plan.edits, edit(null, 'the key')] };
}

/** The command that gives the key once this undo is done; undefined if none does. */
export function commandAfter(plan: Plan, machine: Machine): string | undefined {
  const storage = configAfter(plan, machine)?.keyStorage;
  return storage?.kind === 'command' ? storage.ref : undefined;
}

function configAfter({ edits }: Plan, { own, config }: Machine): Config | undefined {
  const edit = edits.find(({ path }) => path === own.config);
  if (edit === undefined) return config;
  return edit.after === null ? undefined : parseConfig(Buffer.from(edit.after).toString('utf8'), own.config);
}

function stateAfter(plan: Plan, machine: Machine): State {
  const bytes = bytesAfter(plan, machine, machine.own.state);
  return bytes === null ? EMPTY_STATE : parseState(Buffer.from(bytes).toString('utf8'), machine.own.state, machine.home);
}

function bytesAfter({ edits }: Plan, { files }: Machine, path: string): Uint8Array | null {
  const edit = edits.find((each) => each.path === path);
  return edit === undefined ? (files.get(path) ?? NO_FILE).bytes : edit.after;
}

/** Whether, after the plan, this configuration's storage holds the key, so that the key file is not needed. */
function isElsewhere(
  ctx: Pick<Context, 'env'>,
  plan: Plan,
  machine: Machine,
  { keyStorage }: Config,
  key: string,
  answer: string | undefined,
): boolean {
  if (keyStorage.kind === 'command') return answer === key;
  if (keyStorage.kind === 'env') return ctx.env[keyStorage.ref ?? ''] === key;
  if (keyStorage.kind !== 'profile') return false;
  const paths = new Set([...machine.state.targets.map(({ path }) => path), ...plan.edits.map(({ path }) => path)]);
  return [...paths].some((path) => {
    const bytes = path === machine.own.key ? null : bytesAfter(plan, machine, path);
    return bytes !== null && holdsKey(bytes, [key]);
  });
}
