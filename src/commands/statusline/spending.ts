import { originOf, type Answer } from '../../claude/transcript-answer.ts';
import { makeScratch, readLines, type Scratch } from '../../claude/transcript-lines.ts';
import type { Context, FileStat } from '../../core/context.ts';
import { errnoOf } from '../../core/errno.ts';
import { pathsOf } from '../../core/paths-of.ts';
import { dayOf } from '../../text/day.ts';
import type { Writable } from '../../text/defined.ts';
import type { FileLedger, Ledger, Recent } from './ledger.ts';

type Slice = Pick<Context, 'fs' | 'platform'>;

/** Prices one answer in whole 10^-12 USD; null if no price is known. */
export type Price = (answer: Answer) => number | null;

/** What a session and the day have cost so far, in whole 10^-12 USD. */
export interface Spent {
  readonly cost: number;
  readonly unpriced: number;
  /** False while more remains to be read. */
  readonly isWhole: boolean;
}

export interface Spending {
  readonly session: Spent;
  readonly today: Spent;
  readonly provider: string;
  /** The share of the session's prompt tokens that came from a cache, 0 to 1; undefined before the first prompt. */
  readonly hitRatio: number | undefined;
}

/** Bytes read in one run, PIECE at a time; the rest waits for the next run. The first run of a session has more else to do. */
const FIRST_BUDGET = 350_000;
const BUDGET = 1_500_000;
const PIECE = 128_000;
/** Milliseconds between two searches for transcripts of other sessions. */
const LOOK_AGAIN = 30_000;
/** How many of the newest answers are kept, so that further lines of theirs are recognised. */
const RECENT = 12;
/** Characters of an id by which it is recognised, and of all such marks of one file: about two thousand answers. */
const MARK = 10;
const MARKS = 22_000;
/** How many folders deep to look within `subagents`: workflows keep their transcripts there. */
const DEEPEST = 3;

interface Wanted {
  readonly path: string;
  /** The session whose answers in it count. */
  readonly session: string;
}

/**
 * Reads what was added to the session's transcripts since the last time, and now and then to all others of the day.
 *
 * @param makePrice called only if there are new answers, to price these
 * @returns the sums and the ledger to keep; the same object as before if nothing was new
 * @throws the system's error if the session's own transcript can't be read
 */
export async function trackSpending(
  ctx: Slice & Pick<Context, 'clock'>,
  ledger: Ledger,
  given: { readonly transcript: string; readonly session: string | undefined },
  makePrice: (answers: readonly Answer[]) => Promise<Price>,
): Promise<{ readonly spending: Spending; readonly ledger: Ledger }> {
  const own = ownFiles(ctx, given);
  const now = ctx.clock.now();
  const isLooking = now - ledger.looked > LOOK_AGAIN || now < ledger.looked;
  const others = isLooking ? await otherFiles(ctx, given.transcript, ledger.day) : [];
  const scratch = makeScratch(PIECE);
  const files = new Map(Object.entries(ledger.files));
  let left = files.has(given.transcript) ? BUDGET : FIRST_BUDGET;
  let isChanged = false;
  const behind = new Set<string>();
  for (const wanted of [...own, ...others.filter(({ path }) => own.every((each) => each.path !== path))]) {
    // If the session's own transcript can't be read, its sum is not known, which is not the same as zero: the error is thrown.
    const read = wanted.path === given.transcript ? readNew : tryNew;
    const found = left > 0 ? read(ctx, wanted, files.get(wanted.path), scratch, left) : 'waits';
    if (found === 'waits' || (found?.isCut ?? false)) behind.add(wanted.path);
    if (found === undefined || found === 'waits') continue;
    const price = found.answers.length > 0 ? await makePrice(found.answers) : undefined;
    files.delete(wanted.path);
    files.set(wanted.path, addAnswers(found, price, wanted.session, ledger.day, copiesIn(ctx, files, wanted.path)));
    left -= found.bytes;
    isChanged = true;
  }
  const kept: Ledger = { ...ledger, looked: behind.size > 0 ? 0 : isLooking ? now : ledger.looked, files: Object.fromEntries(files) };
  const spending = sumUp(own, kept, behind);
  const provider = behind.has(given.transcript) ? lastProvider(ctx, given.transcript, scratch) : spending.provider;
  return { spending: { ...spending, provider }, ledger: isChanged || isLooking ? kept : ledger };
}

/** The session's id: the name of its transcript, and of the folder that holds its `subagents`. */
function sessionOf(ctx: Slice, path: string): string {
  const folders = path.split(/[\\/]/);
  const at = folders.lastIndexOf('subagents');
  return at > 0 ? (folders[at - 1] ?? '') : pathsOf(ctx.platform).basename(path, '.jsonl');
}

/** The session's transcript and those of its subagents. */
function ownFiles(ctx: Slice, { transcript, session }: { readonly transcript: string; readonly session: string | undefined }): Wanted[] {
  const name = session ?? sessionOf(ctx, transcript);
  const agents = agentFiles(ctx, pathsOf(ctx.platform).join(transcript.replace(/\.jsonl$/, ''), 'subagents'), 0);
  return [transcript, ...agents].map((path) => ({ path, session: name }));
}

function agentFiles(ctx: Slice, folder: string, depth: number): string[] {
  try {
    if (depth > DEEPEST || ctx.fs.stat(folder)?.kind !== 'directory') return [];
    return ctx.fs.readdir(folder).flatMap((name) => {
      const path = pathsOf(ctx.platform).join(folder, name);
      // A name with any other extension is not a folder.
      return name.endsWith('.jsonl') ? [path] : name.includes('.') ? [] : agentFiles(ctx, path, depth + 1);
    });
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}

/** Every transcript written to since the day began, if the session's own is in Claude Code's folder of transcripts. */
async function otherFiles(ctx: Slice, transcript: string, day: string): Promise<Wanted[]> {
  const { basename, dirname } = pathsOf(ctx.platform);
  const folder = dirname(dirname(transcript));
  // Any other folder could be the whole disk.
  if (basename(folder) !== 'projects') return [];
  const { findTranscripts } = await import('../../claude/transcripts.ts');
  const { files } = findTranscripts(ctx, folder, Date.parse(day));
  return files.map(({ path }) => ({ path, session: sessionOf(ctx, path) }));
}

interface Found {
  readonly known: FileLedger;
  readonly answers: readonly Answer[];
  readonly bytes: number;
  readonly isCut: boolean;
}

/** Like `readNew`, but undefined if the system refuses access, as to a transcript that another user's Claude Code wrote. */
function tryNew(...asked: Parameters<typeof readNew>): Found | undefined {
  try {
    return readNew(...asked);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** The provider of the newest answer of a transcript that is not read that far yet. */
function lastProvider(ctx: Slice, path: string, scratch: Scratch): string {
  const fd = ctx.fs.openReading(path);
  try {
    const size = ctx.fs.stat(path)?.size ?? 0;
    const answers = [...readLines(ctx, fd, { offset: Math.max(0, size - PIECE), maxBytes: PIECE, scratch })];
    return answers.findLast(({ isSidechain }) => !isSidechain)?.provider ?? '';
  } finally {
    ctx.fs.close(fd);
  }
}

/**
 * Reads the new lines of a transcript. undefined if there are none, or no file yet: a new session's transcript may appear seconds
 * later.
 */
function readNew(ctx: Slice, { path }: Wanted, before: FileLedger | undefined, scratch: Scratch, maxBytes: number): Found | undefined {
  const stat: FileStat | undefined = ctx.fs.stat(path);
  if (stat?.kind !== 'file') return undefined;
  const isSame = before !== undefined && before.ino === stat.ino && before.offset <= stat.size;
  const known = isSame ? before : newFile(stat.ino);
  if (stat.size === known.offset) return isSame ? undefined : { known, answers: [], bytes: 0, isCut: false };
  const answers: Answer[] = [];
  const fd = ctx.fs.openReading(path);
  try {
    const lines = readLines(ctx, fd, { offset: known.offset, maxBytes, scratch });
    for (;;) {
      const next = lines.next();
      if (next.done === true) {
        const { offset } = next.value;
        return {
          known: { ...known, offset },
          answers,
          bytes: offset - known.offset,
          isCut: offset - known.offset >= maxBytes && offset < stat.size,
        };
      }
      answers.push(next.value);
    }
  } finally {
    ctx.fs.close(fd);
  }
}

function newFile(ino: number): FileLedger {
  return { offset: 0, ino, cost: 0, today: 0, unpriced: 0, unpricedToday: 0, cacheRead: 0, prompt: 0, provider: '', recent: [], marks: '' };
}

/**
 * Says by an answer's mark which other file holds it: one of the same session (a forked subagent starts with its parent's answer),
 * one of another session, or none (undefined).
 */
type Copies = (mark: string) => 'session' | 'other' | undefined;

function copiesIn(ctx: Slice, files: ReadonlyMap<string, FileLedger>, own: string): Copies {
  const session = sessionOf(ctx, own);
  return (mark) => {
    const holders = [...files].filter(([path, { marks }]) => path !== own && holdsMark(marks, mark));
    return holders.length === 0 ? undefined : holders.some(([path]) => sessionOf(ctx, path) === session) ? 'session' : 'other';
  };
}

/** Compares whole marks: a short one may be the beginning of another. */
function holdsMark(marks: string, mark: string): boolean {
  return marks.includes(`${mark} `) || marks.endsWith(mark);
}

/**
 * Counts each answer once; a further line of the same answer adds what its output has grown by. Copies in a fork belong to the
 * original session; older versions label them as the fork's own, but even then the day's sum has them once. Answers from Anthropic
 * itself are in no day's sum: a subscription does not pay by the token.
 */
function addAnswers({ known, answers }: Found, price: Price | undefined, session: string, day: string, copies: Copies): FileLedger {
  const file: Writable<FileLedger> = { ...known };
  const recent = new Map(known.recent.map((each) => [each[0], each]));
  for (const answer of answers) {
    if (price === undefined || (answer.session !== '' && answer.session !== session)) continue;
    const { tokens } = answer;
    const before: Recent | undefined = recent.get(answer.id);
    if (before !== undefined && before[2] >= tokens.output) continue;
    const mark = ` ${answer.id.slice(-MARK)}`;
    const copy = copies(mark);
    if (copy === 'session' || (before === undefined && holdsMark(file.marks, mark))) continue;
    const cost = price(answer);
    const isToday = dayOf(answer.at) === day && copy === undefined && originOf(answer) !== 'anthropic';
    const more = (cost ?? 0) - (before?.[1] ?? 0);
    file.cost += more;
    file.today += isToday ? more : 0;
    if (before === undefined) {
      file.marks += mark;
      file.unpriced += cost === null ? 1 : 0;
      file.unpricedToday += cost === null && isToday ? 1 : 0;
      file.cacheRead += tokens.cacheRead;
      file.prompt += tokens.input + tokens.cacheRead + tokens.cacheWrite + tokens.cacheWrite1h;
    }
    if (!answer.isSidechain) file.provider = answer.provider ?? '';
    recent.set(answer.id, [answer.id, cost, tokens.output]);
  }
  file.recent = [...recent.values()].slice(-RECENT);
  file.marks = file.marks.slice(-MARKS);
  return file;
}

function sumUp(own: readonly Wanted[], { files }: Ledger, behind: ReadonlySet<string>): Spending {
  const session = own.flatMap(({ path }) => files[path] ?? []);
  const sum = (of: readonly FileLedger[], member: 'cost' | 'today' | 'unpriced' | 'unpricedToday' | 'cacheRead' | 'prompt'): number =>
    of.reduce((total, file) => total + file[member], 0);
  const all = Object.values(files);
  const prompt = sum(session, 'prompt');
  return {
    session: { cost: sum(session, 'cost'), unpriced: sum(session, 'unpriced'), isWhole: own.every(({ path }) => !behind.has(path)) },
    today: { cost: sum(all, 'today'), unpriced: sum(all, 'unpricedToday'), isWhole: behind.size === 0 },
    provider: session[0]?.provider ?? '',
    hitRatio: prompt === 0 ? undefined : sum(session, 'cacheRead') / prompt,
  };
}
