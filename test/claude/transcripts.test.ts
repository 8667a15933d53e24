import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/claude/transcript-answer.ts';
import { makeScratch, readLines } from '../../src/claude/transcript-lines.ts';
import { findTranscripts, readTranscripts } from '../../src/claude/transcripts.ts';
import { createFileSystem } from '../../src/system/files.ts';
import { answerLine, writeTranscript } from '../support/transcripts.ts';

let claude: string;
const ctx = { fs: createFileSystem(), platform: process.platform };
const projects = (): string => path.join(claude, 'projects');
beforeEach(() => {
  claude = mkdtempSync(path.join(tmpdir(), 'orcc-transcripts-'));
  mkdirSync(projects());
});
afterEach(() => rmSync(claude, { recursive: true, force: true }));

async function readAll(by = ctx): Promise<{ answers: Answer[]; broken: number; unread: string[] }> {
  const found = findTranscripts(by, projects());
  const answers: Answer[] = [];
  const read = await readTranscripts(
    by,
    found.files,
    (answer) => answers.push(answer),
    async () => {},
  );
  return {
    answers,
    broken: read.broken,
    unread: [...found.unread, ...read.unread].map(({ path: file, why }) => `${path.basename(file)} ${why}`),
  };
}
const ids = (answers: readonly Answer[]): string[] => answers.map(({ id }) => id).sort();

describe('transcripts', () => {
  it('give each answer once, with all that its price hangs on, those of subagents too', async () => {
    const one = answerLine({ id: 'gen-1', input: 1, output: 2, cacheRead: 3, cacheWrite: 4, cacheWrite1h: 5 });
    writeTranscript(claude, '-home-u/s1.jsonl', ['{"type":"user","message":{"role":"user","content":"hi"}}', one, one]);
    writeTranscript(claude, '-home-u/s1/subagents/agent-a.jsonl', [answerLine({ id: 'gen-2', more: { isSidechain: true } })]);
    const { answers, broken } = await readAll();
    expect(ids(answers)).toEqual(['gen-1', 'gen-2']);
    expect(broken).toBe(0);
    expect(answers.find(({ id }) => id === 'gen-1')).toEqual({
      id: 'gen-1',
      model: 'z-ai/glm-4.7-20251222',
      requested: 'z-ai/glm-4.7',
      provider: 'Z.AI',
      session: 'aaaaaaaa-0000-4000-8000-000000000000',
      cwd: '/home/u/code',
      at: Date.parse('2026-11-20T12:00:00Z'),
      isSidechain: false,
      tokens: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, cacheWrite1h: 5, webSearches: 0 },
    });
    expect(answers.find(({ id }) => id === 'gen-2')?.isSidechain).toBe(true);
  });

  it('take the last count of an answer whose first lines were written while it still came', async () => {
    writeTranscript(claude, 'p/s.jsonl', [
      answerLine({ id: 'gen-1', output: 1 }),
      answerLine({ id: 'gen-1', output: 900 }),
      answerLine({ id: 'gen-1', output: 1 }),
    ]);
    expect((await readAll()).answers.map(({ tokens }) => tokens.output)).toEqual([900]);
  });

  it('take the most output that any file has of an answer: a fork may hold the copy of an unfinished one', async () => {
    writeTranscript(claude, 'p/a-fork.jsonl', [answerLine({ id: 'gen-1', output: 1, session: 'first' })]);
    writeTranscript(claude, 'p/b-first.jsonl', [answerLine({ id: 'gen-1', output: 900, session: 'first' })]);
    expect((await readAll()).answers.map(({ tokens }) => tokens.output)).toEqual([900]);
  });

  it("leave a fork's copies with the session that paid for them", async () => {
    writeTranscript(claude, 'p/a-fork.jsonl', [
      answerLine({ id: 'gen-1', session: 'fork', more: { requestSessionId: 'first' } }),
      answerLine({ id: 'gen-2', session: 'fork' }),
    ]);
    writeTranscript(claude, 'p/b-first.jsonl', [answerLine({ id: 'gen-1', session: 'first' })]);
    expect((await readAll()).answers.map(({ id, session }) => [id, session])).toEqual([
      ['gen-1', 'first'],
      ['gen-2', 'fork'],
    ]);
  });

  it('count broken lines, and read what stands around them', async () => {
    const good = answerLine({ id: 'gen-1' });
    const broken = [
      good.slice(0, 300),
      good.slice(40),
      '\0\0\0\0',
      'plain text',
      answerLine({ input: -1 }),
      answerLine({ output: 1.5 }),
      answerLine({ input: Number.MAX_SAFE_INTEGER }),
      answerLine({ at: 'yesterday' }),
      '{"type":"assistant","message":{"id":7,"model":"a","usage":{}},"timestamp":"2026-11-20T12:00:00.000Z"}',
      '{"type":"assistant","message":"usage","usage":1}',
    ];
    writeTranscript(claude, 'p/s.jsonl', [...broken, '', `${good}\r`, answerLine({ id: 'gen-2' })]);
    const { answers, broken: count } = await readAll();
    expect(ids(answers)).toEqual(['gen-1', 'gen-2']);
    expect(count).toBe(broken.length);
  });

  it('take a last line without its end where it is whole, and count it where it is not', async () => {
    const file = writeTranscript(claude, 'p/s.jsonl', [answerLine({ id: 'gen-1' })]);
    appendFileSync(file, answerLine({ id: 'gen-2' }));
    expect(ids((await readAll()).answers)).toEqual(['gen-1', 'gen-2']);
    appendFileSync(file, `\n${answerLine({ id: 'gen-3' }).slice(0, -9)}`);
    const { answers, broken } = await readAll();
    expect(ids(answers)).toEqual(['gen-1', 'gen-2']);
    expect(broken).toBe(1);
  });

  it('hold no answer in errors of the client, in texts, in tool input and in lines of other kinds', async () => {
    writeTranscript(claude, 'p/s.jsonl', [
      answerLine({ model: '<synthetic>', more: { isApiErrorMessage: true } }),
      answerLine({ model: '<synthetic>' }),
      '{"type":"user","toolUseResult":{"usage":{"input_tokens":5}},"message":{"role":"user"}}',
      '{"type":"summary","usage":{"input_tokens":5}}',
      answerLine({ id: 'gen-1', text: '"usage":{"input_tokens":999}' }),
    ]);
    const { answers, broken } = await readAll();
    expect(ids(answers)).toEqual(['gen-1']);
    expect(answers[0]?.tokens.input).toBe(1000);
    expect(broken).toBe(0);
  });

  it('are read whatever the length of their lines', async () => {
    const image = `{"type":"user","message":{"content":"${'x'.repeat(5_000_000)}"}}`;
    writeTranscript(claude, 'p/s.jsonl', [
      answerLine({ id: 'gen-1' }),
      image,
      answerLine({ id: 'gen-2', text: 'ü'.repeat(2_000_000) }),
      answerLine({ id: 'gen-3' }),
    ]);
    const { answers, broken } = await readAll();
    expect(ids(answers)).toEqual(['gen-1', 'gen-2', 'gen-3']);
    expect(broken).toBe(0);
  });

  it('lose nothing behind a line of 80 MB, which is counted as broken', async () => {
    const file = writeTranscript(claude, 'p/s.jsonl', [answerLine({ id: 'gen-1' })]);
    appendFileSync(file, `{"a":"${'x'.repeat(80_000_000)}"}\n${answerLine({ id: 'gen-2' })}\n`);
    const { answers, broken } = await readAll();
    expect(ids(answers)).toEqual(['gen-1', 'gen-2']);
    expect(broken).toBe(1);
  });

  it('give every answer at any size of the pieces that are read', () => {
    const lines = Array.from({ length: 40 }, (_, index) => answerLine({ id: `gen-${String(index)}`, text: 'ä'.repeat(index * 7) }));
    const file = writeTranscript(claude, 'p/s.jsonl', lines);
    for (const size of [50, 333, 1024, 4096]) {
      const fd = ctx.fs.openReading(file);
      const scratch = { ...makeScratch(), buffer: Buffer.alloc(size) };
      const answers = [...readLines(ctx, fd, { scratch })];
      ctx.fs.close(fd);
      expect(answers, String(size)).toHaveLength(40);
    }
  });

  it.skipIf(process.platform === 'win32')('follow links and end in a loop of them; what is no file is named, never opened', async () => {
    writeTranscript(claude, 'p/s.jsonl', [answerLine({ id: 'gen-1' })]);
    const elsewhere = path.join(claude, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(path.join(elsewhere, 't.jsonl'), `${answerLine({ id: 'gen-2' })}\n`);
    symlinkSync(elsewhere, path.join(projects(), 'linked'));
    symlinkSync(projects(), path.join(projects(), 'p', 'again'));
    symlinkSync('self.jsonl', path.join(projects(), 'p', 'self.jsonl'));
    symlinkSync('/nowhere', path.join(projects(), 'p', 'gone.jsonl'));
    execFileSync('mkfifo', [path.join(projects(), 'p', 'pipe.jsonl'), path.join(projects(), 'pipe')]);
    symlinkSync('pipe.jsonl', path.join(projects(), 'p', 'zz.jsonl'));
    const { answers, unread } = await readAll();
    expect(ids(answers)).toEqual(['gen-1', 'gen-2']);
    expect(unread.sort()).toEqual(['pipe.jsonl no file', 'self.jsonl ELOOP']);
  });

  it('name what may not be read, and read the rest', async () => {
    writeTranscript(claude, 'p/s.jsonl', [answerLine({ id: 'gen-1' })]);
    const file = writeTranscript(claude, 'p/t.jsonl', [answerLine()]);
    const folder = path.join(projects(), 'closed');
    mkdirSync(folder);
    const deny = (closed: string) => {
      throw Object.assign(new Error('denied'), { code: 'EACCES', path: closed });
    };
    const fs = {
      ...ctx.fs,
      openReading: (name: string) => (name === file ? deny(name) : ctx.fs.openReading(name)),
      readdir: (name: string) => (name === folder ? deny(name) : ctx.fs.readdir(name)),
    };
    const { answers, unread } = await readAll({ ...ctx, fs });
    expect(ids(answers)).toEqual(['gen-1']);
    expect(unread.sort()).toEqual(['closed EACCES', 't.jsonl EACCES']);
  });

  it('leave out files that nobody wrote to since the time that is asked for', () => {
    const old = writeTranscript(claude, 'p/old.jsonl', [answerLine()]);
    utimesSync(old, 1000, 1000);
    const fresh = writeTranscript(claude, 'p/new.jsonl', [answerLine()]);
    expect(findTranscripts(ctx, projects(), 2_000_000).files.map((file) => file.path)).toEqual([fresh]);
  });
});
