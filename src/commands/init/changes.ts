import { extrasOf } from '../../config/config.ts';
import { withFurther } from '../../config/extras.ts';
import { resolveAliases } from '../../claude/aliases.ts';
import { AUTO_MODE_EXPLANATION } from '../../claude/auto-mode.ts';
import { findKeychain } from '../../config/keychain/keychain.ts';
import type { Extras } from '../../config/extras.ts';
import { goesWith, nameStorage, type KeyStorage } from '../../config/storage.ts';
import type { Choice, Context } from '../../core/context.ts';
import type { Say } from '../../core/say.ts';
import { nameItem } from '../../keys/store-key.ts';
import { describeRules, type Routing } from '../../openrouter/routing.ts';
import type { TargetId } from '../../targets/types.ts';
import { maskKey } from '../../text/text.ts';
import { wrap } from '../../text/wrap.ts';
import { lookUpModels, takeKey, type Answers } from './answers.ts';
import type { Ground } from './ground.ts';
import type { InitIntent } from './intent.ts';
import { askDefault, askMapping, shortMapping } from './mapping-step.ts';
import { askTargets } from './target-step.ts';

/** What a change of one answer rests on. */
export interface ChangeSlice {
  readonly ctx: Context;
  readonly intent: InitIntent;
  readonly ground: Ground;
  readonly say: Say;
}

/** One thing that can be changed from the recap. */
export interface ChangeRow {
  readonly id: string;
  readonly title: string;
  /** What it is now, in a few words. */
  readonly now: (answers: Answers, ground: Ground) => string;
  /** Asks, and gives the answers with this one changed: the others stay. */
  readonly change: (answers: Answers, slice: ChangeSlice) => Promise<Answers>;
}

/** Everything that "Change something" lists, in this order. A row here is all that another thing needs. */
export const CHANGES: readonly ChangeRow[] = [
  {
    id: 'mapping',
    title: 'models',
    now: ({ models }) => shortMapping(models.mapping),
    change: async (answers, { ctx, intent, ground, say }) => {
      const { catalog, mapping: present } = answers.models;
      const mapping = await askMapping(ctx, { ...ground.offers, present }, catalog);
      return {
        ...answers,
        models: await lookUpModels(ctx, intent, withFurther(mapping, extrasOf(ground.config)), answers.chosen.endpoint, catalog, say),
      };
    },
  },
  {
    id: 'default',
    title: 'start alias',
    now: ({ models: { mapping } }) =>
      `${mapping.defaultAlias} (${resolveAliases(mapping.models).find(({ alias }) => alias === mapping.defaultAlias)?.model ?? ''})`,
    change: async (answers, { ctx }) => {
      const { models } = answers;
      const defaultAlias = await askDefault(ctx, models.mapping);
      return { ...answers, models: { ...models, mapping: { ...models.mapping, defaultAlias } } };
    },
  },
  {
    id: 'places',
    title: 'places',
    now: ({ targets }) => targets.join(', '),
    change: async (answers, { ctx, ground }) => ({
      ...answers,
      targets: await askPlaces(ctx, answers, ground),
    }),
  },
  {
    id: 'limits',
    title: 'limits',
    now: ({ limits }) => (limits === 'derived' ? 'from the models' : 'none'),
    change: async (answers, { ctx }) => ({
      ...answers,
      limits: await ctx.ask.select(
        'Limits of output and context?',
        [
          { value: 'derived', name: "from the models' own windows and output caps", short: 'from the models' },
          { value: 'none', name: 'none: Claude Code guesses, and long sessions may break off', short: 'none' },
        ],
        answers.limits,
      ),
    }),
  },
  {
    id: 'auto-mode',
    title: 'auto mode',
    now: ({ autoMode }) => (autoMode === 'off' ? 'off' : 'as it is'),
    change: async (answers, { ctx, say }) => {
      for (const line of AUTO_MODE_EXPLANATION) say.line(say.style.dim(wrap(line, say.style.width)));
      const isOff = await ctx.ask.confirm('Turn auto mode off in user settings?', answers.autoMode === 'off');
      return { ...answers, autoMode: isOff ? 'off' : 'kept' };
    },
  },
  {
    id: 'routing',
    title: 'routing',
    now: ({ extras: { routing } }) => describeRules(routing) ?? 'no rules',
    change: async (answers, { ctx }) => ({ ...answers, extras: await askRouting(ctx, answers.extras) }),
  },
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

/** Asks which answer to change, and for that one; undefined where it is to stay as it is. */
export async function changeSomething(answers: Answers, slice: ChangeSlice): Promise<Answers | undefined> {
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

/** The two usual answers are one key press away; any other set is ticked. */
async function askPlaces(ctx: Context, { targets }: Answers, { machine, shell }: Ground): Promise<Answers['targets']> {
  const { located } = machine;
  const profiles: readonly (readonly TargetId[])[] = shell.target === undefined ? [] : [[shell.target], ['user', shell.target]];
  const usual: readonly (readonly TargetId[])[] = [['user'], ...profiles];
  const now = usual.findIndex((ids) => ids.length === targets.length && ids.every((id) => targets.includes(id)));
  const names = ['user settings: every terminal and IDE', `the profile of ${shell.name}: what is started from there`, 'both'];
  const choices = usual.flatMap((ids, index): Choice<number>[] => {
    const refusal = ids.map((id) => located.get(id)?.refusal).find((each) => each !== undefined);
    const row = { value: index, name: `${names[index] ?? ''}${index === now ? ' (now)' : ''}`, short: ids.join(', ') };
    return [refusal === undefined ? row : { ...row, disabled: `(${refusal.reason})` }];
  });
  const answer = await ctx.ask.select(
    'Where shall it be written?',
    [...choices, { value: -1, name: 'others, this folder too' }],
    now < 0 ? 0 : now,
  );
  return usual[answer] ?? askTargets(ctx, targets, located);
}

/** Rules of privacy, the ones that most people ask for; `orcc route` sets every other, which stays as it is here. */
async function askRouting(ctx: Pick<Context, 'ask'>, { routing, ...others }: Extras): Promise<Extras> {
  const { zdr, data_collection: data, ...rest } = routing ?? {};
  const now = zdr === true ? 'zdr' : data === 'deny' ? 'training' : 'any';
  const answer = await ctx.ask.select(
    'Which providers may answer? (`orcc route` has all rules)',
    [
      { value: 'any', name: 'any', short: 'any' },
      { value: 'training', name: 'those that do not collect prompts or train on them', short: 'no training' },
      { value: 'zdr', name: 'those that keep no prompts (zero data retention)', short: 'zero data retention' },
    ],
    now,
  );
  const rules: Routing = { ...rest, ...(answer === 'zdr' ? { zdr: true } : {}), ...(answer === 'any' ? {} : { data_collection: 'deny' }) };
  return Object.keys(rules).length === 0 ? others : { ...others, routing: rules };
}

/** The storages that go with the chosen places. */
async function askStorage(ctx: Context, { storage, targets, chosen }: Answers, { baseUrl }: Ground): Promise<KeyStorage> {
  const names: readonly (readonly [KeyStorage, string])[] = [
    [{ kind: 'file' }, 'a file that only you can read'],
    [{ kind: 'profile' }, 'in the places themselves, as guides do it'],
    [{ kind: 'helper' }, 'that file, read by apiKeyHelper (experimental)'],
    ...(findKeychain(ctx.platform) === undefined
      ? []
      : [[{ kind: 'keychain' }, "the system's keychain, read by apiKeyHelper (experimental)"] as const]),
    ...(storage.kind === 'command' ? [[storage, 'that command, run at need'] as const] : []),
    ...(ctx.env[chosen.source] === chosen.key ? [[{ kind: 'env', ref: chosen.source }, 'your own variable'] as const] : []),
  ];
  const choices = names.map(([each, text], index): Choice<number> => {
    const wrong = targets.find((id) => !goesWith(each, id));
    const row = { value: index, name: `${nameStorage(each).padEnd(10)} ${text}`, short: nameStorage(each) };
    return wrong === undefined ? row : { ...row, disabled: `(not with ${wrong})` };
  });
  const now = names.findIndex(([each]) => each.kind === storage.kind);
  const [chosenStorage] = names[await ctx.ask.select('Where shall the key live?', choices, Math.max(0, now))] ?? [storage];
  return nameItem(chosenStorage, { storage, baseUrl });
}
