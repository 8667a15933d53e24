import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadProgram } from '../../src/cli/commands.ts';
import { shownCommands, type CommandRow } from '../../src/core/command.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { STORIES, type Scenario, type Story } from './scenarios.ts';
import { addMembers, findBreaks, shapeOf, type Shape } from './shapes.ts';
import { createWorld, type World } from './world.ts';

const PROGRAM = await loadProgram();

/** What scripts depend on in one scenario. */
interface Promised {
  readonly exitCode: number | null;
  /** Absent where no document is printed. */
  readonly shape?: Shape;
}
type Contract = Readonly<Record<string, Promised>>;

interface Ran {
  readonly exitCode: number | null;
  readonly document?: Printed;
}

/** As loosely as a contract has to read it. */
interface Printed {
  readonly ok?: unknown;
  readonly schemaVersion?: unknown;
  readonly command?: unknown;
}

/** With this variable set to 1 the file takes up new scenarios and members; what it holds already stays as it is. */
const UPDATE = 'UPDATE_JSON_CONTRACT';
/**
 * Names, types and exit codes. The first snapshot (314d0dcb: 188 scenarios, 3938 members) came after the first move of files, but the
 * program before it (0049260e^) gives the same one, and today's differs from both in these alone: `doctor --offline` without a setup
 * ends with 3 where warnings are all there is, no longer with 1; `explain` without a code lists all, and was a word too few; a second
 * `init` tests, so that its `test` is no longer null; a provider of the simulator tells its `quantization`.
 */
const FILE = new URL('json-contract.json', import.meta.url);
const scenarios = STORIES.flat();
const documented = scenarios.filter(({ plain }) => plain !== true).map(({ name }) => name);
const results = new Map<string, Ran>();
let contract = readContract();

// Where somebody logs in, a stand-in for the browser is opened: elsewhere it would be the real one.
describe.skipIf(process.platform !== 'linux')('under schemaVersion 1 scripts find what they found before:', () => {
  beforeAll(async () => {
    await Promise.all(STORIES.map(tell));
    if (process.env[UPDATE] !== '1') return;
    contract = extendContract(contract);
    writeFileSync(FILE, `${JSON.stringify(contract, null, 2)}\n`);
  }, 180_000);

  it.each(scenarios.map(({ name }) => name))('%s', (name) => {
    const promised = contract[name];
    const ran = results.get(name);
    expect(promised, `\`${UPDATE}=1 npm test -- test/contract\` takes the scenario up`).toBeDefined();
    expect(ran?.exitCode).toBe(promised?.exitCode);
    expect(findBreaks(promised?.shape ?? {}, shapeOf(ran?.document ?? {}))).toEqual([]);
  });

  it('every document says that it is of version 1', () => {
    expect(documented.filter((name) => results.get(name)?.document?.schemaVersion !== 1)).toEqual([]);
  });

  it('`ok` is true exactly where the exit code is 0, in every command', () => {
    const told = documented.map((name) => [name, results.get(name)?.document?.ok, results.get(name)?.exitCode === 0]);
    expect(told.filter(([, ok, isFine]) => ok !== isFine)).toEqual([]);
  });

  it('every command that takes --json has a scenario in which it is done', () => {
    const done = new Set(documented.flatMap((name) => (results.get(name)?.exitCode === 0 ? [results.get(name)?.document?.command] : [])));
    const commands = commandsWithJson(PROGRAM);
    expect(commands.length).toBeGreaterThan(25);
    expect(commands.filter((command) => !done.has(command))).toEqual([]);
  });
});

describe('the snapshot', () => {
  it('holds nothing that is not looked at', () => {
    const names = scenarios.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(contract).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('a member', () => {
  const before = shapeOf({ a: 1, list: [{ b: 'x' }, { b: null, c: true }], map: { A_B: 1 } });

  it('is recorded with its type, and with null and its absence where some elements of a list are so', () => {
    expect(before).toEqual({
      a: 'number',
      list: 'list',
      'list[]': 'object',
      'list[].b': 'null | string',
      'list[].c': 'absent | boolean',
      map: 'object',
      'map.*': 'number',
    });
  });

  it.each([
    ['goes', { list: [{ b: 'x', c: true }], map: { A_B: 1 } }, ['a is gone']],
    ['gets another type', { a: '1', list: [{ b: 'x', c: true }], map: { A_B: 1 } }, ['a is string, and was number']],
    ['can be null now', { a: null, list: [{ b: 'x', c: true }], map: { A_B: 1 } }, ['a is null, and was number']],
    [
      'is not always there any more',
      { a: 1, list: [{ b: 'x', c: true }, {}], map: { A_B: 1 } },
      ['list[].b is absent | string, and was null | string'],
    ],
    ['is nothing but null', { a: 1, list: [{ b: null, c: true }], map: { A_B: 1 } }, ['list[].b is null, and was null | string']],
    ['stood in a list or a map that is empty now', { a: 1, list: [], map: {} }, ['list[] is gone', 'map.* is gone']],
  ])('that %s breaks the contract', (_what, document, breaks) => {
    expect(findBreaks(before, shapeOf(document))).toEqual(breaks);
  });

  it('that is new does not, and an update adds it without taking anything away or changing a type', () => {
    const after = shapeOf({ list: [{ b: 'x', c: true, d: 1 }], map: { C_D: null }, e: 'new' });
    expect(findBreaks(before, shapeOf({ a: 1, e: 'new', list: [{ b: 'x', c: true, d: 1 }], map: { C_D: 2 } }))).toEqual([]);
    expect(addMembers(before, after)).toEqual({ ...before, e: 'string', 'list[].d': 'number' });
  });
});

/** Runs a story in a world of its own. */
async function tell(story: Story): Promise<void> {
  const world = createWorld(await startSimulator({ autoApprove: true }));
  try {
    for (const scenario of story) results.set(scenario.name, await runScenario(world, scenario));
  } finally {
    await world.dispose();
  }
}

async function runScenario(world: World, { name, words, faults = [], env, prepare, beside, plain }: Scenario): Promise<Ran> {
  world.gateway.setFaults(faults);
  prepare?.(world);
  const companion = beside?.(world);
  try {
    // What gives the terminal to programs, looks at processes or writes down where orcc lies needs the built program, the rest no start of one.
    const isBuilt = plain === true || beside !== undefined || words.startsWith('statusline');
    const orcc = isBuilt ? world.bin : world.orcc;
    const { code, stdout } = await orcc(plain === true ? words : `${words} --json`, env);
    return plain === true ? { exitCode: code } : { exitCode: code, document: readDocument(name, stdout, world) };
  } finally {
    companion?.kill('SIGKILL');
  }
}

/** Claude Code may run beside the tests, and other tests let something like it run: neither is of this world. */
function readDocument(name: string, stdout: string, world: World): Printed {
  const keepOurs = (key: string, value: unknown): unknown => {
    if (!Array.isArray(value)) return value;
    const all: readonly { readonly code?: unknown; readonly folder?: unknown }[] = value;
    if (key === 'sessions') return all.filter(({ folder }) => folder === world.here());
    return key === 'findings' ? all.filter(({ code }) => code !== 'SESSIONS_RUNNING') : value;
  };
  try {
    return JSON.parse(stdout, keepOurs) as Printed;
  } catch {
    throw new Error(`${name}: no JSON document, but ${stdout}`);
  }
}

function readContract(): Contract {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Contract) : {};
}

/** The contract with what is new, whether a scenario or a member of one. */
function extendContract(old: Contract): Contract {
  const extended = scenarios.map(({ name }): [string, Promised] => {
    const { exitCode, document } = results.get(name) ?? { exitCode: null };
    const seen: Promised = document === undefined ? { exitCode } : { exitCode, shape: shapeOf(document) };
    const promised = old[name] ?? seen;
    return [name, promised.shape === undefined ? promised : { ...promised, shape: addMembers(promised.shape, seen.shape ?? {}) }];
  });
  return { ...Object.fromEntries(extended), ...Object.fromEntries(Object.entries(old).filter(([name]) => !results.has(name))) };
}

/** `key show`, as documents name a command. */
function commandsWithJson(command: CommandRow, above = ''): string[] {
  return shownCommands(command).flatMap((each) => {
    const name = `${above}${each.name}`;
    const own = each.flags.some(({ flags }) => flags === '--json') ? [name] : [];
    return [...own, ...commandsWithJson(each, `${name} `)];
  });
}
