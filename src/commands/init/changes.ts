import { changeKept } from '../../change/settle-extras.ts';
import { extrasOf } from '../../config/config.ts';
import { checkExtras } from '../../config/extras-change.ts';
import { resolveAliases } from '../../claude/aliases.ts';
import { findKeychain } from '../../config/keychain.ts';
import { goesWith, nameStorage, type KeyStorage } from '../../config/storage.ts';
import type { Choice, Context } from '../../core/context.ts';
import { GoneBack } from '../../core/errors.ts';
import { nameItem } from '../../keys/store-key.ts';
import { isMany, type TargetId } from '../../targets/types.ts';
import { maskKey } from '../../text/text.ts';
import { type ChangeRow, type ChangeSlice, EXTRA_CHANGES } from './extra-changes.ts';
import { lookUpModels, takeKey } from './answers.ts';
import type { Ground, Answers } from './types.ts';
import { askDefault, askMapping, shortMapping } from './mapping-step.ts';
import { offeredSettingsFiles } from './settings-files.ts';
import { askTargets } from './target-step.ts';

/** Everything that "Change something" lists, in this order. To add something, add a row here. */
export const CHANGES: readonly ChangeRow[] = [
  {
    id: 'mapping',
    title: 'models',
    now: ({ models }) => shortMapping(models.mapping),
    change: async (answers, { ctx, intent, ground, say }) => {
      const { catalog, mapping: present, beside: before } = answers.models;
      const { mapping, extras } = await askMapping(ctx, { ...ground.offers, present }, catalog);
      const wanted = { mapping, beside: changeKept(before, undefined, extras), before: extrasOf(before) };
      return { ...answers, models: await lookUpModels(ctx, intent, wanted, answers.chosen.endpoint, catalog, say) };
    },
  },
  {
    id: 'default',
    title: 'default alias',
    now: ({ models: { mapping } }) =>
      `${mapping.defaultAlias} (${resolveAliases(mapping.models).find(({ alias }) => alias === mapping.defaultAlias)?.model ?? ''})`,
    change: async (answers, { ctx }) => {
      const { models } = answers;
      const mapping = { ...models.mapping, defaultAlias: await askDefault(ctx, models.mapping) };
      checkExtras(extrasOf(models.beside), mapping);
      return { ...answers, models: { ...models, mapping } };
    },
  },
  {
    id: 'places',
    title: 'places',
    now: ({ targets, settingsFiles }) => [...targets.filter((id) => !isMany(id)), ...settingsFiles].join(', '),
    change: async (answers, { ctx, ground }) => ({ ...answers, ...(await askPlaces(ctx, answers, ground)) }),
  },
  {
    id: 'limits',
    title: 'limits',
    now: ({ limits }) => (limits === 'derived' ? 'from the models' : 'none'),
    change: async (answers, { ctx }) => ({
      ...answers,
      limits: await ctx.ask.select(
        'Output and context limits?',
        [
          { value: 'derived', name: "from the models' windows and output caps", short: 'from the models' },
          { value: 'none', name: 'none: Claude Code guesses, and long sessions may fail', short: 'none' },
        ],
        answers.limits,
      ),
    }),
  },
  ...EXTRA_CHANGES,
  {
    id: 'key',
    title: 'key',
    now: ({ chosen }) => `${maskKey(chosen.key)} (${chosen.source})`,
    change: async (answers, { ctx, intent, ground, say }) => ({ ...answers, chosen: await takeKey(ctx, intent, ground, true, say) }),
  },
  {
    id: 'storage',
    title: 'key storage',
    now: ({ storage }) => nameStorage(storage),
    change: async (answers, { ctx, ground }) => ({ ...answers, storage: await askStorage(ctx, answers, ground) }),
  },
];

/** Asks which answer to change, and for its new value; undefined to leave everything as it is, also after Esc at any of the questions. */
export async function changeSomething(answers: Answers, slice: ChangeSlice): Promise<Answers | undefined> {
  try {
    return await askChange(answers, slice);
  } catch (error) {
    if (error instanceof GoneBack) return undefined;
    throw error;
  }
}

async function askChange(answers: Answers, slice: ChangeSlice): Promise<Answers | undefined> {
  const widest = Math.max(...CHANGES.map(({ title }) => title.length));
  const id = await slice.ctx.ask.select<string>('Change what?', [
    ...CHANGES.map((row): Choice<string> => ({
      value: row.id,
      name: `${row.title.padEnd(widest)}  ${row.now(answers, slice.ground)}`,
      short: row.title,
    })),
    { value: '', name: 'nothing, back' },
  ]);
  return CHANGES.find((row) => row.id === id)?.change(answers, slice);
}

/** Asks for the places: the usual choices are listed; any other set can be ticked. */
async function askPlaces(ctx: Context, answers: Answers, ground: Ground): Promise<Pick<Answers, 'targets' | 'settingsFiles'>> {
  const { targets } = answers;
  const { machine, shell } = ground;
  const { located } = machine;
  const profiles: readonly (readonly TargetId[])[] = shell.target === undefined ? [] : [[shell.target], ['user', shell.target]];
  const usual: readonly (readonly TargetId[])[] = [['user'], ...profiles];
  const now = usual.findIndex((ids) => ids.length === targets.length && ids.every((id) => targets.includes(id)));
  const names = ['user settings: every terminal and IDE', `the profile of ${shell.name}: whatever is started from there`, 'both'];
  const choices = usual.flatMap((ids, index): Choice<number>[] => {
    const refusal = ids.map((id) => located.get(id)?.refusal).find((each) => each !== undefined);
    const row = { value: index, name: `${names[index] ?? ''}${index === now ? ' (now)' : ''}`, short: ids.join(', ') };
    return [refusal === undefined ? row : { ...row, disabled: `(${refusal.reason})` }];
  });
  const answer = await ctx.ask.select(
    'Where should it be written?',
    [
      ...choices,
      { value: -1, name: `others, this folder${offeredSettingsFiles(ctx, ground).length === 0 ? '' : ' and further settings files'} too` },
    ],
    now < 0 ? 0 : now,
  );
  const chosen = usual[answer];
  return chosen === undefined ? askTargets(ctx, answers, ground) : { targets: chosen, settingsFiles: [] };
}

/** Asks for the key storage; those that don't work with the chosen places are disabled. */
async function askStorage(ctx: Context, { storage, targets, chosen }: Answers, { baseUrl }: Ground): Promise<KeyStorage> {
  const names: readonly (readonly [KeyStorage, string])[] = [
    [{ kind: 'file' }, 'a file that only you can read'],
    [{ kind: 'profile' }, 'in the target files themselves, as most guides do'],
    [{ kind: 'helper' }, 'the same file, read by apiKeyHelper (experimental)'],
    ...(findKeychain(ctx.platform) === undefined
      ? []
      : [[{ kind: 'keychain' }, "the system's keychain, read by apiKeyHelper (experimental)"] as const]),
    ...(storage.kind === 'command' ? [[storage, 'that command, run when the key is needed'] as const] : []),
    ...(ctx.env[chosen.source] === chosen.key ? [[{ kind: 'env', ref: chosen.source }, 'your own variable'] as const] : []),
  ];
  const choices = names.map(([each, text], index): Choice<number> => {
    const wrong = targets.find((id) => !goesWith(each, id));
    const row = { value: index, name: `${nameStorage(each).padEnd(10)} ${text}`, short: nameStorage(each) };
    return wrong === undefined ? row : { ...row, disabled: `(not with the target ${wrong})` };
  });
  const now = names.findIndex(([each]) => each.kind === storage.kind);
  const [chosenStorage] = names[await ctx.ask.select('Where should the key be kept?', choices, Math.max(0, now))] ?? [storage];
  return nameItem(chosenStorage, { storage, baseUrl });
}
