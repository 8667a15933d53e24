import type { Answer } from '../../claude/transcript-answer.ts';
import { makeScratch, readLines, type Scratch } from '../../claude/transcript-lines.ts';
import type { Context, FileStat } from '../../core/context.ts';
import { pathsOf } from '../../core/paths-of.ts';
import { dayOf } from '../../text/day.ts';
import type { FileLedger, Ledger, Recent } from './ledger.ts';

type Slice = Pick<Context, 'fs' | 'platform'>;

/** Prices one answer in whole 10^-12 USD; null where no price is known. */
export type Price = (answer: Answer) => number | null;

/** What a session and the day have cost so far, in whole 10^-12 USD. */
export interface Spent {
  readonly cost: number;
  readonly unpriced: number;
  /** false: more is to be read yet. */
  readonly isWhole: boolean;
}

export interface Spending {
  readonly session: Spent;
  readonly today: Spent;
  readonly provider: string;
  /** Of the session's prompts, the part that a cache served; undefined before the first. */
  readonly hitRatio: number | undefined;
}

/** Bytes that are read in one call, so many at a time; the rest waits for the next. */
const BUDGET = 350_000;
const PIECE = 128_000;
/** Milliseconds between two looks for transcripts of other sessions. */
const LOOK_AGAIN = 30_000;
/** Answers whose further lines are still recognised. */
const RECENT = 12;

interface Wanted {
  readonly path: string;
  /** Whose answers in it count. */
  readonly session: string;
}

/**
 * Reads what was added to the session's transcripts since the last time, and now and then to all others of the day.
 *
 * @param makePrice asked only where there are new answers, for prices of these
 * @returns the sums and the ledger to keep; the very same one where nothing was new
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
  let left = BUDGET;
  let isChanged = false;
  const behind = new Set<string>();
  for (const wanted of [...own, ...others.filter(({ path }) => own.every((each) => each.path !== path))]) {
    const found = left > 0 ? readNew(ctx, wanted, files.get(wanted.path), scratch, left) : 'waits';
    if (found === 'waits' || (found?.isCut ?? false)) behind.add(wanted.path);
    if (found === undefined || found === 'waits') continue;
    const price = found.answers.length > 0 ? await makePrice(found.answers) : undefined;
    files.delete(wanted.path);
    files.set(wanted.path, addAnswers(found.known, found.answers, price, wanted.session, ledger.day));
    left -= found.bytes;
    isChanged = true;
  }
  const kept: Ledger = { ...ledger, looked: behind.size > 0 ? 0 : isLooking ? now : ledger.looked, files: Object.fromEntries(files) };
  return { spending: sumUp(own, kept, behind), ledger: isChanged || isLooking ? kept : ledger };
}

/** A session's file, and the folder with its subagents', have its name. */
function sessionOf(ctx: Slice, path: string): string {
  const { basename, dirname } = pathsOf(ctx.platform);
  const folder = dirname(path);
  return basename(folder) === 'subagents' ? basename(dirname(folder)) : basename(path, '.jsonl');
}

/** The session's transcript and those of its subagents. */
function ownFiles(ctx: Slice, { transcript, session }: { readonly transcript: string; readonly session: string | undefined }): Wanted[] {
  const { join } = pathsOf(ctx.platform);
  const name = session ?? sessionOf(ctx, transcript);
  const folder = join(transcript.replace(/\.jsonl$/, ''), 'subagents');
  const isThere = ctx.fs.stat(folder)?.kind === 'directory';
  const agents = isThere ? ctx.fs.readdir(folder).filter((each) => each.endsWith('.jsonl')) : [];
  return [{ path: transcript, session: name }, ...agents.map((each) => ({ path: join(folder, each), session: name }))];
}

/** Every transcript that was written to since the day began, where the session's lies in Claude Code's folder of them. */
async function otherFiles(ctx: Slice, transcript: string, day: string): Promise<Wanted[]> {
  const { basename, dirname } = pathsOf(ctx.platform);
  const folder = dirname(dirname(transcript));
  // Any other could be the whole disk.
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

/** undefined where nothing is new, or nothing can be read: a session's first transcript may be seconds away. */
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
  return { offset: 0, ino, cost: 0, today: 0, unpriced: 0, unpricedToday: 0, cacheRead: 0, prompt: 0, provider: '', recent: [] };
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Each answer once: a further line of one counts for what its output grew. Copies in a fork are the other session's. */
function addAnswers(known: FileLedger, answers: readonly Answer[], price: Price | undefined, session: string, day: string): FileLedger {
  const file: Writable<FileLedger> = { ...known };
  const recent = new Map(known.recent.map((each) => [each[0], each]));
  for (const answer of answers) {
    if (price === undefined || (answer.session !== '' && answer.session !== session)) continue;
    const { tokens } = answer;
    const before: Recent | undefined = recent.get(answer.id);
    if (before !== undefined && before[2] >= tokens.output) continue;
    const cost = price(answer);
    const isToday = dayOf(answer.at) === day;
    const more = (cost ?? 0) - (before?.[1] ?? 0);
    file.cost += more;
    file.today += isToday ? more : 0;
    if (before === undefined) {
      file.unpriced += cost === null ? 1 : 0;
      file.unpricedToday += cost === null && isToday ? 1 : 0;
      file.cacheRead += tokens.cacheRead;
      file.prompt += tokens.input + tokens.cacheRead + tokens.cacheWrite + tokens.cacheWrite1h;
    }
    if (!answer.isSidechain) file.provider = answer.provider ?? '';
    recent.set(answer.id, [answer.id, cost, tokens.output]);
  }
  file.recent = [...recent.values()].slice(-RECENT);
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
    // Of a part of the transcript nobody knows who served the last answer.
    provider: own.some(({ path }) => behind.has(path)) ? '' : (session[0]?.provider ?? ''),
    hitRatio: prompt === 0 ? undefined : sum(session, 'cacheRead') / prompt,
  };
}
