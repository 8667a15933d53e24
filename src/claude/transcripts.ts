import type { Context, FileStat } from '../core/context.ts';
import { errnoOf } from '../core/errno.ts';
import { pathsOf } from '../core/paths-of.ts';
import type { Answer } from './transcript-answer.ts';
import { makeScratch, readLines, type Scratch } from './transcript-lines.ts';

type Slice = Pick<Context, 'fs' | 'platform'>;

interface TranscriptFile {
  readonly path: string;
  readonly stat: FileStat;
}

/** Something in the way of reading: a path and why. */
interface Unread {
  readonly path: string;
  /** The system's code (`EACCES`), or `no file` for a FIFO, a socket or a device. */
  readonly why: string;
}

interface Transcripts {
  readonly files: readonly TranscriptFile[];
  readonly unread: readonly Unread[];
}

/** Folders below `projects`: the work folder's, the session's, `subagents`, and room for what newer versions think of. */
const DEEPEST = 6;

/**
 * All transcripts below Claude Code's folder of them, those of subagents included. Links are followed, and each folder and file
 * is taken once, so that a link loop ends. Nothing is opened: a FIFO would never come to an end.
 *
 * @param since milliseconds; files that were not written since then are left out
 */
export function findTranscripts(ctx: Slice, folder: string, since = 0): Transcripts {
  const { join } = pathsOf(ctx.platform);
  const files: TranscriptFile[] = [];
  const unread: Unread[] = [];
  const seen = new Set<string>();
  const visit = (path: string, depth: number, isNamed: boolean): void => {
    let stat: FileStat | undefined;
    try {
      stat = ctx.fs.stat(path);
      if (stat === undefined) return;
      const mark = `${String(stat.dev)}:${String(stat.ino)}`;
      // Windows has no inodes that could be relied upon.
      if (ctx.platform !== 'win32' && seen.has(mark)) return;
      seen.add(mark);
      if (stat.kind === 'directory') {
        if (depth < DEEPEST) for (const name of ctx.fs.readdir(path).sort()) visit(join(path, name), depth + 1, name.endsWith('.jsonl'));
      } else if ((isNamed && stat.kind !== 'file') || depth === 0) unread.push({ path, why: 'no file' });
      else if (isNamed && stat.mtimeMs >= since) files.push({ path, stat });
    } catch (error) {
      // What is no transcript is nobody's business.
      if (isNamed || depth < 2 || stat?.kind === 'directory') unread.push({ path, why: errnoOf(error) ?? 'unknown' });
    }
  };
  visit(folder, 0, false);
  return { files, unread };
}

/** What `readTranscripts` counted. */
export interface TranscriptsRead {
  readonly bytes: number;
  readonly broken: number;
  readonly unread: readonly Unread[];
}

/** Bytes between two looks at the clock, the progress and Ctrl-C. */
const BREATH = 16_000_000;

/**
 * Reads transcripts one by one and hands over each answer once: the lines of one answer repeat its usage, older versions with
 * fewer output tokens in the first ones, and a session that was forked repeats the answers of the other.
 *
 * @param onBreath called now and then with the bytes read so far; what it returns is waited for
 */
export async function readTranscripts(
  ctx: Slice,
  files: readonly TranscriptFile[],
  onAnswer: (answer: Answer) => void,
  onBreath: (bytes: number) => Promise<void>,
): Promise<TranscriptsRead> {
  const scratch = makeScratch();
  const answers = new Map<string, Answer>();
  const unread: Unread[] = [];
  let [bytes, broken, breath] = [0, 0, 0];
  for (const { path, stat } of files) {
    try {
      broken += readOne(ctx, path, scratch, answers);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      unread.push({ path, why: errnoOf(error) ?? '' });
    }
    bytes += stat.size;
    if (bytes - breath < BREATH) continue;
    breath = bytes;
    await onBreath(bytes);
  }
  for (const answer of answers.values()) onAnswer(answer);
  return { bytes, broken, unread };
}

/** Of an answer that was read already, in whatever file, the line with the most output counts: a fork may have copied an unfinished one. */
function readOne(ctx: Slice, path: string, scratch: Scratch, answers: Map<string, Answer>): number {
  const fd = ctx.fs.openReading(path);
  try {
    const lines = readLines(ctx, fd, { scratch });
    for (;;) {
      const next = lines.next();
      if (next.done === true) return next.value.broken;
      const { id, tokens } = next.value;
      const known = answers.get(id);
      if (known === undefined || tokens.output > known.tokens.output) answers.set(id, next.value);
    }
  } finally {
    ctx.fs.close(fd);
  }
}
