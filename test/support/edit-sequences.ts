import * as fc from 'fast-check';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { undoLast } from '../../src/apply/undo.ts';
import { planSettingsFile, type OwnedMember, type SettingsMember } from '../../src/edit/json/settings-edit.ts';
import { makeTempHome } from './temp-home.ts';

const NAMES = ['A', 'B', 'é', '2', '10', '__proto__', 'constructor', 'quo"te', 'back\\slash', 'x/y'];

/** Any JSON text of an object as a settings file may be: members, blanks, line ends, spellings, byte order mark. */
const settingsText: fc.Arbitrary<string> = fc
  .record({
    bom: fc.constantFrom('', '', '\ufeff'),
    eol: fc.constantFrom('\n', '\r\n'),
    indent: fc.constantFrom('', ' ', '  ', '    ', '\t'),
    isInline: fc.boolean(),
    foot: fc.constantFrom('', '\n', '\r\n', ' \n\n'),
    colon: fc.constantFrom(':', ': ', ' : '),
    value: fc.dictionary(fc.constantFrom(...NAMES, 'model', 'hooks'), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
    env: fc.option(
      fc.dictionary(fc.constantFrom(...NAMES, 'ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN'), fc.constantFrom('', 'v', 'é"'), {
        maxKeys: 4,
      }),
    ),
    theirs: fc.constantFrom(
      {},
      {},
      { apiKeyHelper: 'cat x' },
      { permissions: { allow: [1, 2], disableAutoMode: { a: [] } } },
      { permissions: { deny: ['Read(x)', { a: [1] }, 'Read(ours)', 'é"'] } },
      { permissions: { deny: [] } },
      // Long values, which the check of an edit does not read twice.
      { permissions: { allow: ['x'.repeat(600)] } },
      { ['__proto__']: { a: '\\"'.repeat(400) } },
      { modelSettings: { 'x/y': { autoCompactWindow: 1.5 } } },
    ),
    blank: fc.constantFrom(undefined, undefined, undefined, undefined, '', ' ', '\n', '\r\n\t', '{}', '{ }', '{\n}\n'),
  })
  .map(({ bom, eol, indent, isInline, foot, colon, value: some, env, theirs, blank }) => {
    const value = { ...some, ...theirs };
    if (blank !== undefined) return bom + blank;
    const print = (object: object, depth: number): string => {
      const members = Object.entries(object).map(([key, inner]) => {
        const isOpen = depth === 0 && key === 'env' && typeof inner === 'object' && inner !== null;
        return JSON.stringify(key) + colon + (isOpen ? print(inner as object, 1) : JSON.stringify(inner));
      });
      if (members.length === 0) return '{}';
      if (isInline) return `{${members.join(',')}}`;
      const pad = eol + indent.repeat(depth + 1);
      return `{${pad}${members.join(`,${pad}`)}${eol}${indent.repeat(depth)}}`;
    };
    return bom + print(env === null ? value : { ...value, env }, 0) + foot;
  });

const member: fc.Arbitrary<SettingsMember> = fc.record({
  path: fc.constantFrom(
    ['env', 'ANTHROPIC_BASE_URL'],
    ['env', 'ANTHROPIC_AUTH_TOKEN'],
    ['apiKeyHelper'],
    ['modelSettings', 'x/y', 'autoCompactWindow'],
    ['modelSettings', '__proto__', 'a'],
    ['permissions', 'disableAutoMode'],
  ),
  value: fc.constantFrom('', 'https://a.test', 'é"\\', 120000, true, null),
});
/** Someone's own member, which is put aside. */
const aside: fc.Arbitrary<SettingsMember> = fc.record({
  path: fc.constantFrom(['env', 'A'], ['env', '2'], ['env', 'ANTHROPIC_BASE_URL'], ['model'], ['hooks'], ['apiKeyHelper'], ['B']),
  value: fc.constant(undefined),
});
const element: fc.Arbitrary<SettingsMember> = fc.record({
  path: fc.constant(['permissions', 'deny']),
  value: fc.constantFrom('Read(ours)', 'Read(**/*.png)', 'é"\\'),
  element: fc.constant(true as const),
});
const desired = fc
  .tuple(
    fc.uniqueArray(fc.oneof({ weight: 3, arbitrary: member }, { weight: 1, arbitrary: aside }), {
      selector: ({ path }) => path.join(),
      maxLength: 6,
    }),
    fc.uniqueArray(element, { selector: ({ value }) => JSON.stringify(value), maxLength: 3 }),
  )
  .map(([members, elements]) => [...members, ...elements]);

/** Add, change, fewer, more, then none: the exact bytes are back. What is put aside stays so until then. `desiredLists` is one run's sequence. */
export const memberSequences = fc.property(
  settingsText,
  fc.array(desired, { minLength: 1, maxLength: 5 }),
  fc.boolean(),
  (text, desiredLists, replace) => {
    const start = Buffer.from(text, 'utf8');
    let now: Uint8Array | null = start;
    let owned: readonly OwnedMember[] = [];
    const asides = new Map<string, SettingsMember>();
    for (const list of [...desiredLists, []]) {
      for (const each of list) if (each.value === undefined) asides.set(each.path.join(), each);
      const isOpen = ({ path }: SettingsMember): boolean => !list.some((each) => each.path.join() === path.join());
      const wanted = list.length === 0 ? [] : [...list, ...[...asides.values()].filter(isOpen)];
      const result = planSettingsFile({ path: 'f', before: now, desired: wanted, owned, createdFile: false, replace, force: false });
      if (!result.ok) {
        // modelSettings or permissions of another kind: refused, and nothing was owned yet.
        if (result.code === 'SETTINGS_INVALID' && owned.length === 0) return true;
        if (result.code === 'FOREIGN_VALUE' && !replace) continue;
        throw new Error(`${result.code}: ${result.message}`);
      }
      now = result.after;
      owned = JSON.parse(JSON.stringify(result.owned)) as readonly OwnedMember[];
    }
    return now !== null && Buffer.compare(now, start) === 0;
  },
);

type Action = { readonly kind: 'set'; readonly desired: readonly SettingsMember[] } | { readonly kind: 'undo'; readonly steps: number };
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: desired.map((wanted): Action => ({ kind: 'set', desired: wanted })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }).map((steps): Action => ({ kind: 'undo', steps })) },
);

/** Random files, then changes and undos of any depth on disk: each undo gives exactly the bytes and modes that a plain list of past states says. */
export const undoSequences = fc.asyncProperty(
  settingsText,
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(0o600, 0o640, 0o644),
  fc.array(action, { minLength: 1, maxLength: 7 }),
  async (text, profile, mode, actions) => {
    const home = makeTempHome();
    try {
      home.write('settings.json', text, mode);
      home.write('.bashrc', profile, mode);
      const look = (): string => JSON.stringify([home.tree()['settings.json'], home.tree()['.bashrc'], home.tree()['.zshrc']]);
      const past: Array<{ seen: string; owned: readonly OwnedMember[] }> = [];
      let owned: readonly OwnedMember[] = [];
      let count = 0;
      for (const each of actions) {
        if (each.kind === 'undo') {
          const back = past.at(-each.steps);
          if (back === undefined || each.steps > past.length) continue;
          await undoLast(home.ctx, { folder: home.folder, steps: each.steps });
          past.splice(-each.steps);
          owned = back.owned;
          if (look() !== back.seen) return false;
          continue;
        }
        const settings = home.edit('settings.json', '', { owner: 'user', mode: 0o600 });
        const planned = planSettingsFile({
          path: 'f',
          before: settings.before,
          desired: each.desired,
          owned,
          createdFile: false,
          replace: true,
          force: false,
        });
        if (!planned.ok) return planned.code === 'SETTINGS_INVALID';
        past.push({ seen: look(), owned });
        count += 1;
        const rc = Buffer.concat([profile, Buffer.from(`\n# ${count}\n`)]);
        const edits = [
          { ...settings, after: planned.after },
          { ...home.edit('.bashrc', ''), after: rc },
          home.edit('.zshrc', count % 3 === 0 ? null : String(count)),
        ];
        await applyPlan(home.ctx, { edits }, { folder: home.folder, command: 'switch', keep: 100 });
        owned = planned.owned;
      }
      return Object.keys(home.tree()).every((name) => !/tmp|lock/.test(name));
    } finally {
      home.remove();
    }
  },
);
