import { pathsOf } from '../core/paths-of.ts';
import type { Context } from '../core/context.ts';
import { LARGEST_STARTUP_FILE } from '../core/look.ts';
import { inspectText, lineAt, withoutBlocks, type FoundBlock, type Inspection, decodeStartup } from '../edit/shell/block.ts';
import { scanStartupText } from '../edit/shell/shell-assignments.ts';
import { placeBlock } from '../edit/shell/shell-placement.ts';
import type { Assignment, Condition, Definition, Dynamic, Include, StartupText } from '../edit/shell/shell-scan.ts';
import { expandPath } from './expand-path.ts';
import type { StartupChain } from './startup-chain.ts';
import { placementOf } from './types.ts';
import { assignedPath, globOf, holds } from './startup-condition.ts';
import { attempt } from '../text/attempt.ts';

/** A line of a file that a start reads. */
export interface StartupLine {
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

/** A condition that reading can't decide: `[ -n "$WORK" ]`, or `not [ -n "$WORK" ]`. Its text may hold a key. */
export type OpenCondition = StartupLine;

/** The conditions under which something happens during a start. */
interface UnderConditions {
  /** Outermost first; those that always hold are left out. Empty: it happens at every start. */
  readonly open: readonly OpenCondition[];
}

/** One thing that happens during a start; events come in order. What certainly does not happen is left out. */
export type StartupEvent =
  | ({ readonly kind: 'assignment'; readonly file: string; readonly assignment: Assignment } & UnderConditions)
  /** orcc's block. `blocks` are all blocks in the file; empty if there is none yet and this is where it would go. */
  | ({ readonly kind: 'block'; readonly file: string; readonly line: number; readonly blocks: readonly FoundBlock[] } & UnderConditions)
  /** A line whose effect only running it would tell. */
  | ({ readonly kind: 'dynamic'; readonly tool?: Dynamic['tool'] } & StartupLine & UnderConditions)
  /** An alias or function is defined. */
  | ({ readonly kind: 'definition'; readonly file: string; readonly definition: Definition } & UnderConditions);

/** How many levels of files that source other files are followed. */
const DEEPEST = 4;
/** A loop that sources more files of a folder than this is not followed. */
const MOST_FILES = 200;
/** Files read in all: start-up files may source each other over and over. */
const MOST_VISITS = 400;
/** A definition that someone added to orcc's block: such a block is scanned too, unlike what orcc wrote. */
const DEFINES = /\balias\s|\bfunction\s|\(\)/;
/** Assigned in place of each block, so that the scan tells if the block runs: in a function, a subshell or an `if` it may not. */
const MARK = 'ORCC';
/** None is longer than the shortest marker that begins a block: it must not reach the next line. */
const MARKS = { sh: `${MARK}=1 #`, fish: `set ${MARK} 1 #`, powershell: `$env:${MARK}=1 #` } as const;
/** Where packages install their own files: these do not touch Claude Code's variables. */
const OF_PACKAGES = /^\/(?:usr|opt\/homebrew|nix|run\/current-system|snap|Library)\//;

type WalkContext = Pick<Context, 'fs' | 'platform'>;

/**
 * Follows one kind of start through its files and the files that they source by
 * plain name or in a loop over a folder, without running anything. `names` are the variables to look for.
 */
export function walkStartup(ctx: WalkContext, chain: StartupChain, names: readonly string[]): readonly StartupEvent[] {
  const walk = new Walk(ctx, chain, names);
  for (const file of chain.files) walk.visit(file, 0, [], false);
  return walk.events;
}

type Step = { readonly offset: number; readonly run: () => void };

class Walk {
  readonly events: StartupEvent[] = [];
  /** Files being read right now: a file may be read twice, but not from within itself. */
  private readonly open = new Set<string>();
  private visits = 0;
  private readonly ctx: WalkContext;
  private readonly chain: StartupChain;
  private readonly names: readonly string[];
  /** What has to hold because of an `exit` that may run: everything after it depends on this. */
  private afterExit: readonly OpenCondition[] = [];
  private isOver = false;

  constructor(ctx: WalkContext, chain: StartupChain, names: readonly string[]) {
    this.ctx = ctx;
    this.chain = chain;
    this.names = names;
  }

  visit(file: string, depth: number, outer: readonly OpenCondition[], exporting: boolean): void {
    if (this.isOver || this.open.has(file) || depth > DEEPEST || this.visits >= MOST_VISITS) return;
    this.visits += 1;
    this.open.add(file);
    this.read(file, depth, outer, exporting);
    this.open.delete(file);
  }

  private read(file: string, depth: number, outer: readonly OpenCondition[], exporting: boolean): void {
    const getsBlock = this.chain.blocks.includes(file);
    const text = readText(this.ctx.fs, file, this.chain);
    if (text === undefined) {
      if (getsBlock) this.events.push({ kind: 'block', file, line: 1, blocks: [], open: [...outer, ...this.afterExit] });
      return;
    }
    if (text === null) return;
    const inspection = inspectText(text, this.chain.shell);
    const blocks = inspection.kind === 'blocks' ? inspection.blocks : [];
    const isOwn = ({ offset }: { readonly offset: number }): boolean => blocks.some((block) => offset >= block.start && offset < block.end);
    const ours = blocks.filter(({ start, end }) => !DEFINES.test(text.slice(start, end)));
    const marked = withMarks(withoutBlocks(text, ours), blocks, this.chain.shell);
    const scan = scanStartupText(marked, this.chain.shell, blocks.length === 0 ? this.names : [...this.names, MARK], { exporting });
    const visited = new Visit(this, { file, text, depth, outer, inspection });
    const marks = scan.assignments.filter(({ name, line }) => name === MARK && blocks.some((block) => block.line === line));
    const assignments = scan.assignments.filter((each) => each.name !== MARK && !isOwn(each));
    const steps: Step[] = [
      ...assignments.map((each) => visited.assignment(each)),
      ...scan.includes.filter((each) => !isOwn(each)).map((each) => visited.include(each)),
      ...scan.dynamics.filter((each) => !isOwn(each)).map((each) => visited.dynamic(each)),
      ...scan.leaves.filter((each) => !isOwn(each)).map((each) => visited.leave(each)),
      ...scan.definitions.map((each) => visited.definition(each)),
      ...marks.map((each) => visited.block(each, blocks)),
    ];
    if (getsBlock && blocks.length === 0) {
      const offset = placeBlock(text, this.chain.shell, placementOf(this.chain.target), undefined);
      steps.push(visited.block({ offset, line: lineAt(text, offset), conditions: [] }, []));
    }
    // A stable sort: steps at the same offset run in the order above, so a planned block comes last.
    for (const step of steps.sort((a, b) => a.offset - b.offset)) {
      if (visited.isOver || this.isOver) break;
      step.run();
    }
  }

  /** The conditions that reading can't decide; undefined if one certainly does not hold. */
  judge(conditions: readonly Condition[], file: string, text: string): readonly OpenCondition[] | undefined {
    const { fs } = this.ctx;
    const { target, start } = this.chain;
    const facts = { fs, target, start, expand: (raw: string) => this.expand(raw, text) };
    const judged = conditions.map((condition) => ({ condition, holds: holds(condition, facts) }));
    if (judged.some((each) => each.holds === false)) return undefined;
    return [
      ...this.afterExit,
      ...judged
        .filter((each) => each.holds === undefined)
        .map(({ condition }) => ({ text: describe(condition), file, line: lineAt(text, condition.offset) })),
    ];
  }

  expand(raw: string, text: string): string | undefined {
    const { variables } = this.chain;
    const { join } = pathsOf(this.ctx.platform);
    const plain = expandPath(raw, variables, join);
    if (plain !== undefined) return plain;
    const unknown = [...raw.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name).filter((name) => !Object.hasOwn(variables, name));
    const found = unknown.flatMap((name) => {
      const value = assignedPath(text, name);
      const path = value === undefined ? undefined : expandPath(value, variables, join);
      return path === undefined ? [] : [[name, path] as const];
    });
    return found.length === 0 ? undefined : expandPath(raw, { ...variables, ...Object.fromEntries(found) }, join);
  }

  /** Ends the whole start or, if the `exit` has conditions, makes what follows depend on its not running. */
  exit(open: readonly OpenCondition[]): void {
    if (open.length === 0) this.isOver = true;
    else this.afterExit = [...this.afterExit, ...open.map(negated)];
  }

  /** The files that a path with `*` matches, in the shell's order; undefined if reading can't tell. */
  glob(raw: string, text: string): readonly string[] | undefined {
    const glob = globOf(raw, (path) => this.expand(path, text));
    if (glob === undefined) return undefined;
    const { join } = pathsOf(this.ctx.platform);
    try {
      const names = this.ctx.fs.readdir(glob.folder).filter((name) => glob.matches(name));
      return names.length > MOST_FILES ? undefined : names.sort().map((name) => join(glob.folder, name));
    } catch {
      return [];
    }
  }
}

interface Visited {
  readonly file: string;
  readonly text: string;
  readonly depth: number;
  /** The conditions of the line that sources this file. */
  readonly outer: readonly OpenCondition[];
  readonly inspection: Inspection;
}

/** One visit to one file: turns its contents into steps. */
class Visit {
  isOver = false;
  private readonly walk: Walk;
  private readonly at: Visited;
  private afterReturn: readonly OpenCondition[] = [];

  constructor(walk: Walk, at: Visited) {
    this.walk = walk;
    this.at = at;
  }

  assignment(assignment: Assignment): Step {
    return this.step(assignment, (open) => this.walk.events.push({ kind: 'assignment', file: this.at.file, assignment, open }));
  }

  definition(definition: Definition): Step {
    const { file } = this.at;
    return this.step({ offset: definition.offset, conditions: [] }, (open) =>
      this.walk.events.push({ kind: 'definition', file, definition, open }),
    );
  }

  dynamic(dynamic: Dynamic): Step {
    const { line, text, tool } = dynamic;
    return this.step(dynamic, (open) => this.push(text, line, open, tool));
  }

  block(at: Pick<Assignment, 'offset' | 'line' | 'conditions'>, blocks: readonly FoundBlock[]): Step {
    const { file } = this.at;
    return this.step(at, (open) => this.walk.events.push({ kind: 'block', file, line: at.line, blocks, open }));
  }

  leave({ how, offset, conditions }: StartupText['leaves'][number]): Step {
    return this.step({ offset, conditions }, (open) => {
      if (how === 'exit') this.walk.exit(open);
      else if (open.length === 0) this.isOver = true;
      else this.afterReturn = [...this.afterReturn, ...open.filter((each) => !this.at.outer.includes(each)).map(negated)];
    });
  }

  include(include: Include): Step {
    const { text, depth } = this.at;
    const { each, raw, line, exporting = false } = include;
    // A loop's own test that each file exists says nothing about which files there are.
    const conditions =
      each === undefined ? include.conditions : include.conditions.filter(({ text: test }) => !/^\[\[? -[efrsx] /.test(test));
    // A function mostly sources what it is called with: that each such path is not known would drown what matters.
    const isCalled = conditions.some(({ kind }) => kind === 'call');
    return this.step({ offset: include.offset, conditions }, (open) => {
      for (const spelled of each ?? [raw]) {
        const plain = this.walk.expand(spelled, text);
        const paths = plain === undefined ? this.walk.glob(spelled, text) : [plain];
        for (const path of paths ?? []) this.walk.visit(path, depth + 1, open, exporting);
        if (paths === undefined && !isCalled) this.push(`. ${spelled}`, line, open);
      }
    });
  }

  private push(text: string, line: number, open: readonly OpenCondition[], tool?: Dynamic['tool']): void {
    const { file } = this.at;
    if (OF_PACKAGES.test(file)) return;
    this.walk.events.push({ kind: 'dynamic', file, line, text, open, ...(tool === undefined ? {} : { tool }) });
  }

  private step(
    { offset, conditions }: { readonly offset: number; readonly conditions: readonly Condition[] },
    run: (open: readonly OpenCondition[]) => void,
  ): Step {
    return {
      offset,
      run: () => {
        const open = this.walk.judge(conditions, this.at.file, this.at.text);
        if (open !== undefined) run([...this.at.outer, ...this.afterReturn, ...open]);
      },
    };
  }
}

/** Overwrites the start of each block's first line, a comment, with the mark: every offset and line stays the same. */
function withMarks(text: string, blocks: readonly FoundBlock[], shell: StartupChain['shell']): string {
  const mark = MARKS[shell];
  return blocks.reduce((rest, { start }) => rest.slice(0, start) + mark + rest.slice(start + mark.length), text);
}

function describe({ kind, text, negated: isNot }: Condition): string {
  const said = kind === 'call' ? `${text} is called and gets there` : text;
  return isNot ? `not ${said}` : said;
}

function negated(open: OpenCondition): OpenCondition {
  return { ...open, text: open.text.startsWith('not ') ? open.text.slice(4) : `not ${open.text}` };
}

/** The text of a file; undefined if there is no such file, null if it is too large or can't be read. */
function readText(fs: Context['fs'], file: string, { shell }: StartupChain): string | null | undefined {
  return attempt(() => {
    const stat = fs.stat(file);
    if (stat?.kind !== 'file') return undefined;
    const decoded = stat.size > LARGEST_STARTUP_FILE ? undefined : decodeStartup(fs.readFile(file), shell);
    return decoded?.ok === true ? decoded.text : null;
  }, null);
}
