import * as z from 'zod/mini';
import { change, shownDecision } from '../../change/change.ts';
import { type Desired, AS_IT_IS } from '../../change/desired.ts';
import { keyIn, requireConfig, type Machine } from '../../change/machine.ts';
import { viewChange } from '../../change/view-change.ts';
import { scrubHistory } from '../../apply/trim-history.ts';
import type { Config } from '../../config/config.ts';
import {
  checkKeyName,
  filedKeys,
  namedKeyFile,
  namedKeysOf,
  namesOf,
  requireNamed,
  storageOfNamed,
  type NamedKeys,
} from '../../config/named-keys.ts';
import { askAloud } from '../../config/key-command.ts';
import { requireExact } from '../../config/parse-key.ts';
import { revokeAdvice } from '../../config/revoke-link.ts';
import { handleOfKey, type KeyHandle, nameStorage, parseKeyStorage, type KeyStorage } from '../../config/storage.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { changeFlags, flag, parseIntent, text, writingFlags } from '../../core/intent.ts';
import type { Outcome } from '../../core/outcome.ts';
import { type Say, sayOf } from '../../core/say.ts';
import { parseKeyFrom, readGivenKey, type KeyFrom, noKeyGiven, readKeyText, sourceOf } from '../../keys/given-key.ts';
import { findCopies } from '../../keys/leaks/scan-files.ts';
import { readPresentKey } from '../../keys/present-key.ts';
import { parseBaseUrl } from '../../openrouter/base-url.ts';
import { admitUrl, type AdmittedUrl } from '../../openrouter/endpoint.ts';
import { renderTable } from '../../text/table.ts';
import { maskKey, stripControls, shortPlace } from '../../text/text.ts';
import { askForKey, checkKey } from '../init/key-step.ts';
import { logIn } from '../login/log-in.ts';
import { viewLoginPlan } from '../login/plan-login.ts';
import { readNamed, useNamed } from './use-named.ts';

const addSchema = z.object({
  name: z.string(),
  keyStdin: flag,
  keyEnv: text,
  login: flag,
  baseUrl: text,
  keyStorage: text,
  check: z._default(z.boolean(), true),
  ...changeFlags,
});
const useSchema = z.object({ name: z.string(), check: z._default(z.boolean(), true), ...changeFlags });
const removeSchema = z.object({ name: z.string(), ...writingFlags });

/** What a command on named keys has decided: the named keys as they will be. */
interface NamedDecision {
  /** The key that gets a name. */
  readonly key?: KeyHandle;
  readonly keys: NamedKeys;
  readonly activeKey: string | undefined;
}

/** `orcc key add NAME`: checks a key at its base URL and stores it under a name; nothing else changes until `orcc key use NAME`. */
export async function runKeyAdd(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(addSchema, input, ['name']);
  const { name } = intent;
  const from = parseKeyFrom(intent);
  const storage = intent.keyStorage === undefined ? undefined : referredTo(intent.keyStorage);
  if ([from !== undefined, intent.login, storage !== undefined].filter(Boolean).length > 1)
    throw new OrccError('usage', 'The key was given in more than one way', {
      hint: 'Use only one of `--key-stdin`, `--key-env`, `--login` and `--key-storage`',
    });
  const say = await sayOf(ctx, intent);
  const present = await readPresentKey(ctx);
  const config = requireConfig(present.machine);
  checkKeyName(name, namedKeysOf(config));
  const baseUrl = intent.baseUrl === undefined ? config.baseUrl : parseBaseUrl(intent.baseUrl);
  const destination = intent.baseUrl === undefined ? present.destination : { baseUrl, from: '`--base-url`', isTyped: true as const };
  const to = intent.baseUrl === undefined ? undefined : baseUrl;
  const url = await admitUrl(ctx, destination, { storedFor: to === undefined ? present.storedFor : undefined, to });
  if (intent.login && intent.dryRun) return planNamedLogin(name, baseUrl, config);
  const key = await takeKey(ctx, { from, login: intent.login, storage, url }, say);
  if (intent.check) await checkKey(ctx, url.with(key), say);
  // The key in use only gets a name: it is not stored a second time.
  const isPresent = key === present.key && baseUrl === present.storedFor && storage === undefined;
  const isNew = !isPresent || config.activeKey === undefined;
  if (!isNew)
    throw new OrccError('usage', `That key is already called ${config.activeKey ?? ''}`, { hint: '`orcc key list` shows the names' });
  const entry = { baseUrl, ...(storage === undefined ? {} : { keyStorage: storage }) };
  const decision = {
    key: handleOfKey(key, nameSource(intent, from), isPresent ? present.storage : (storage ?? { kind: 'file' })),
    keys: { ...namedKeysOf(config), [name]: entry },
    activeKey: isPresent ? name : config.activeKey,
  };
  const file = namedKeyFile(present.machine.own, name, ctx.platform);
  const done = await change(ctx, {
    ...{ command: 'key add', decision, desire: desireNamed, machine: present.machine, say },
    ...(isPresent || storage !== undefined ? {} : { named: { [name]: key }, extraPaths: [file] }),
    ...{ yes: intent.yes, dryRun: intent.dryRun, question: `Store it as ${name}?`, asksAnyway: true },
    also: () => [`  ${name}: ${maskKey(key)} for ${baseUrl}`],
  });
  const data = { name, key: maskKey(key), baseUrl, storage: nameStorage(storageOfNamed(decision.keys, name)), inUse: isPresent };
  return viewChange(done, data, (style) =>
    isPresent
      ? `${style.green('✓')} The key in use is now called ${name}`
      : `${style.green('✓')} ${maskKey(key)} is kept as ${name}; ${style.bold(`orcc key use ${name}`)} takes it into use`,
  );
}

/** The dry run of a login, which opens no browser: the key that it would create has no hash yet. */
function planNamedLogin(name: string, baseUrl: string, config: Config): Outcome {
  const keys = { ...namedKeysOf(config), [name]: { baseUrl } };
  const decision: NamedDecision = { keys, activeKey: config.activeKey };
  const storage = nameStorage(storageOfNamed(keys, name));
  return viewLoginPlan(baseUrl, `as ${name}`, { name, key: null, baseUrl, storage, inUse: false, decision });
}

/** `orcc key use NAME`: writes that key and its base URL into every file that orcc wrote; the previous key is kept. */
export async function runKeyUse(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(useSchema, input, ['name']);
  const { name } = intent;
  const say = await sayOf(ctx, intent);
  const used = await useNamed(ctx, { ...intent, command: 'key use', say });
  if (used.kind === 'in-use') {
    const data = { kind: 'unchanged', name, ...shownDecision({ ...used, dryRun: intent.dryRun }) };
    return { exit: 'ok', data, findings: [], text: () => '', remarks: () => `${name} is already in use` };
  }
  const { key, baseUrl, keptAs, files, written } = used;
  const data = { name, key: maskKey(key), baseUrl, keptAs: keptAs ?? null, files };
  return viewChange(used, data, (style) =>
    [
      `${style.green('✓')} ${name} is in use: ${maskKey(key)} for ${baseUrl}`,
      ...written.map((text) => `${style.green('✓')} ${text}`),
      ...(keptAs === undefined ? [] : [`The previous key is kept as ${keptAs}: ${style.bold(`orcc key use ${keptAs}`)} switches back`]),
      'Open a new terminal; running Claude Code sessions keep the key they started with',
    ].join('\n'),
  );
}

/**
 * `orcc key remove NAME`: forgets a named key and every copy of it in orcc's own files. Throws exit 6 if it is in use or a profile
 * needs it.
 */
export async function runKeyRemove(ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(removeSchema, input, ['name']);
  const { name } = intent;
  const say = await sayOf(ctx, intent);
  const { machine } = await readPresentKey(ctx);
  const config = requireConfig(machine);
  const { keyStorage, baseUrl } = requireNamed(namedKeysOf(config), name);
  if (config.activeKey === name)
    throw new OrccError('refused', `The key ${name} is in use`, {
      hint: 'Switch to another one first with `orcc key use NAME`, or delete it for good with `orcc key forget`',
    });
  const users = Object.entries(config.profiles).flatMap(([profile, { key }]) => (key === name ? [profile] : []));
  if (users.length > 0)
    throw new OrccError('refused', `The profile ${users.join(', ')} uses the key ${name}`, {
      hint: `\`orcc profile delete ${users[0] ?? ''}\`, or save it without the key: \`orcc profile save ${users[0] ?? ''}\``,
    });
  const key = keyStorage === undefined ? await readNamed(ctx, machine, name).catch(() => undefined) : undefined;
  const { [name]: _gone, ...keys } = namedKeysOf(config);
  const done = await change(ctx, {
    ...{ command: 'key remove', decision: { keys, activeKey: config.activeKey }, desire: desireNamed, machine },
    ...{ say, yes: intent.yes, dryRun: intent.dryRun, question: `Forget the key ${name}?` },
    ...(key === undefined ? {} : { leaving: [key] }),
    ...{ asksAnyway: true, isDangerous: true },
    also: () => [`  ${name}: goes${key === undefined ? '' : `, ${maskKey(key)}`}`],
  });
  const isGone = done.kind === 'applied' && key !== undefined;
  const scrubbed = isGone ? scrubHistory(ctx, machine.own.folder, [key]) : 0;
  const copies = isGone ? findCopies(ctx, machine, key).map((copy) => shortPlace(copy, ctx.home)) : [];
  return viewChange(done, { name, scrubbedBackups: scrubbed, copies }, (style) =>
    [
      `${style.green('✓')} The key ${name} is forgotten`,
      ...copies.map((copy) => `${style.yellow('left:')} it is still in ${copy}, which orcc does not manage`),
      ...(key === undefined ? [] : [`It still works: ${revokeAdvice(key, baseUrl)}`]),
    ].join('\n'),
  );
}

/** `orcc key list`: the names, what each key is for, and which is in use. Prints keys only masked, and sends no request. */
export async function runKeyList(ctx: Context, _input: unknown): Promise<Outcome> {
  const { machine, key, storage, storedFor } = await readPresentKey(ctx);
  const { config } = machine;
  const { keys = {}, activeKey: inUse } = namesOf(machine);
  const unnamed =
    key === undefined || inUse !== undefined
      ? []
      : [{ name: null, baseUrl: storedFor, storage: nameStorage(storage), key: maskKey(key), inUse: true }];
  const rows = [
    ...unnamed,
    ...Object.entries(keys)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { baseUrl }]) => {
        const isUsed = name === inUse;
        const own = keyIn(machine.files.get(namedKeyFile(machine.own, name, ctx.platform)));
        return {
          name,
          baseUrl,
          storage: nameStorage(isUsed ? storage : storageOfNamed(keys, name)),
          key: isUsed ? (key === undefined ? null : maskKey(key)) : own === '' ? null : maskKey(own),
          inUse: isUsed,
        };
      }),
  ];
  return {
    exit: 'ok',
    data: { keys: rows },
    findings: [],
    text: (style) =>
      rows.length === 0
        ? 'No key is stored'
        : renderTable(
            ['name', 'key', 'base URL', 'storage'],
            rows.map((row) => [
              `${row.name ?? '(no name)'}${row.inUse ? ' *' : ''}`,
              row.key ?? '-',
              row.baseUrl === null ? 'not known' : stripControls(row.baseUrl),
              row.storage,
            ]),
            style,
          ),
    remarks: () =>
      rows.length === 0
        ? '`orcc init` stores the first one'
        : [
            ...(rows.some(({ inUse }) => inUse) ? ['* in use'] : []),
            ...rows
              .flatMap(({ name, inUse }) =>
                inUse || name === null || config === undefined ? [] : [`\`orcc key use ${name}\` switches to it`],
              )
              .slice(0, 1),
            config !== undefined
              ? '`orcc key add NAME` stores another'
              : key === undefined
                ? '`orcc init` asks for the key to use, and keeps these'
                : '`orcc init` sets Claude Code up with it',
          ].join('; '),
  };
}

/** The same setup with these named keys. Pure. */
function desireNamed({ keys, activeKey }: NamedDecision, machine: Machine): Desired {
  const { keys: _keys, activeKey: _active, ...rest } = requireConfig(machine);
  const config: Config = {
    ...rest,
    ...(Object.keys(keys).length === 0 ? {} : { keys }),
    ...(activeKey === undefined ? {} : { activeKey }),
  };
  return { ...AS_IT_IS, config, namedKeys: filedKeys(config) };
}

/** The storage of a key that lives outside orcc. Throws exit 2 for any other, since those hold the key in use only. */
function referredTo(word: string): KeyStorage {
  const storage = parseKeyStorage(word);
  if (storage.kind === 'env' || storage.kind === 'command') return storage;
  throw new OrccError('usage', `\`--key-storage ${storage.kind}\` can't be used for a key that is not in use`, {
    hint: 'Use `command:LINE` or `env:NAME`; without either, orcc keeps the key in a file that only you can read',
  });
}

/** How the key of `key add` was given, as the decision records it. */
function nameSource(
  { login, keyStorage }: { readonly login: boolean; readonly keyStorage?: string | undefined },
  from: KeyFrom | undefined,
): string {
  return login ? '--login' : keyStorage === undefined ? sourceOf(from) : '--key-storage';
}

interface Source {
  readonly from: KeyFrom | undefined;
  readonly login: boolean;
  readonly storage: KeyStorage | undefined;
  readonly url: AdmittedUrl;
}

async function takeKey(ctx: Context, { from, login, storage, url }: Source, say: Say): Promise<string> {
  if (storage?.kind === 'command') return askAloud(ctx, storage.ref ?? '', say);
  if (storage?.kind === 'env') {
    const name = storage.ref ?? '';
    return requireExact(await readGivenKey(ctx, { kind: 'env', name }), name);
  }
  if (login) return logIn(ctx, { url, say });
  if (from === undefined && !ctx.interactive) throw noKeyGiven('`--key-stdin`, `--key-env NAME` or `--key-storage command:LINE`');
  return readKeyText(from === undefined ? await askForKey(ctx) : await readGivenKey(ctx, from), say);
}
