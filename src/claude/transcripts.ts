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

/** A path that could not be read, and why. */
interface Unread {
  readonly path: string;
  /** The system's error code (`EACCES`), or `no file` for a FIFO, a socket or a device. */
  readonly why: string;
}

interface Transcripts {
  readonly files: readonly TranscriptFile[];
  readonly unread: readonly Unread[];
}

/** The deepest level below `projects`: work folder, session, `subagents`, and some spare for newer versions. */
const DEEPEST = 6;

/**
 * All transcripts below Claude Code's transcripts folder, including those of subagents. Links are followed, and each folder and file
 * is visited only once, so that a link loop ends. No file is opened, since a FIFO would block.
 *
 * @param since milliseconds since 1970; files last modified before that are left out
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
      // Inode numbers are not reliable on Windows.
      if (ctx.platform !== 'win32' && seen.has(mark)) return;
      seen.add(mark);
      if (stat.kind === 'directory') {
        if (depth < DEEPEST) for (const name of ctx.fs.readdir(path).sort()) visit(join(path, name), depth + 1, name.endsWith('.jsonl'));
      } else if ((isNamed && stat.kind !== 'file') || depth === 0) unread.push({ path, why: 'no file' });
      else if (isNamed && stat.mtimeMs >= since) files.push({ path, stat });
    } catch (error) {
      // Problems with files that are not transcripts are not reported.
      if (isNamed || depth < 2 || stat?.kind === 'directory') unread.push({ path, why: errnoOf(error) ?? 'unknown' });
    }
  };
  visit(folder, 0, false);
  return { files, unread };
}

/** The totals of `readTranscripts`. */
export interface TranscriptsRead {
  readonly bytes: number;
  readonly broken: number;
  readonly unread: readonly Unread[];
}

/** Bytes between two calls of `onBreath`. */
const BREATH = 16_000_000;

/**
 * Reads transcripts one by one and passes on each answer once: the lines of an answer repeat its usage (in older versions with
 * fewer output tokens in the first lines), and a forked session repeats the answers of the original.
 *
 * @param onBreath called now and then with the number of bytes read so far, and awaited, for progress and Ctrl-C
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

/** Adds a file's answers. For one already seen, in any file, the line with the most output wins: a fork may have copied it unfinished. */
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
