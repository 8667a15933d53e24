import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { useBox } from '../support/use.ts';

interface File {
  readonly mode: number;
  readonly text: string;
}
interface Home {
  readonly name: string;
  readonly isGit: boolean;
  /** Before the old orcc was run. */
  readonly start: Readonly<Record<string, File>>;
  /** What it wrote, and what it left of its own. */
  readonly files: Readonly<Record<string, File>>;
}

/** Homes as the last orcc before schemaVersion 2 left them (scripts/upgrade-homes.mjs). */
const WRITTEN = JSON.parse(gunzipSync(readFileSync(path.join(import.meta.dirname, 'homes.json.gz'))).toString('utf8')) as {
  readonly home: string;
  readonly key: string;
  readonly homes: readonly Home[];
};

const box = useBox();
let work: string;
beforeEach(() => {
  work = box.at('work');
});

const sum = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The files as they would be in this home: paths, and the sums that the old orcc took of what holds them. */
function moved(files: Readonly<Record<string, File>>): Readonly<Record<string, File>> {
  const here = (text: string): string => text.replaceAll(WRITTEN.home, box.home);
  let sums: (readonly [string, string])[] = [];
  const resum = (text: string): string => sums.reduce((all, [old, now]) => all.replaceAll(old, now), here(text));
  const texts = Object.values(files).map(({ text }) => text);
  const helpers = texts.flatMap((text) => [...text.matchAll(/"apiKeyHelper": ("(?:[^"\\]|\\.)*")/g)].map((found) => found[1] ?? ''));
  sums = [...helpers.map((text) => [sum(text).slice(0, 16), sum(here(text)).slice(0, 16)] as const)];
  // The records' own sums depend on the sums in them.
  sums = [...sums, ...texts.map((text) => [sum(text), sum(resum(text))] as const)];
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [
      name,
      {
        ...file,
        text: resum(file.text).replace(
          /"(uid|gid)": 0/g,
          (_, id: string) => `"${id}": ${id === 'uid' ? process.getuid?.() : process.getgid?.()}`,
        ),
      },
    ]),
  );
}

function put(files: Readonly<Record<string, File>>): void {
  for (const [name, { mode, text }] of Object.entries(files)) {
    mkdirSync(path.dirname(box.at(name)), { recursive: true, mode: name.includes('/orcc/') ? 0o700 : 0o755 });
    writeFileSync(box.at(name), text);
    chmodSync(box.at(name), mode);
  }
}

/** The home before the old orcc, and then with what it wrote. */
function open({ isGit, start, files }: Home): { readonly before: Record<string, string>; readonly written: Record<string, string> } {
  put(moved(start));
  if (isGit) execFileSync('git', ['init', '-q', work], { env: { ...process.env, ...box.env } });
  const before = box.tree();
  put(moved(files));
  return { before, written: box.tree() };
}

const run = async (...args: readonly string[]): Promise<number> => {
  const ran = await box.orcc(args, { cwd: work, env: { MY_KEY: WRITTEN.key } });
  if (ran.code > 1) throw new Error(`${args.join(' ')}: ${ran.code} ${ran.stdout}${ran.stderr}`);
  return ran.code;
};

/** Without orcc's own folder, whose records go on. */
const ofUser = (tree: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(tree).filter(([name]) => !name.includes('.config') && !name.includes('.git/')));
const SWITCH = ['switch', 'haiku=z-ai/glm-4.7', '--yes'];

const isKilled = ({ name }: Home): boolean => name.startsWith('killed');
const WHOLE = WRITTEN.homes.filter((home) => !isKilled(home));

describe.each(WHOLE)('a home that orcc 0.1.0 wrote: $name', (home) => {
  it('is read without being changed', async () => {
    const { written } = open(home);
    await run('status', '--json');
    await run('doctor', '--offline', '--json');
    expect(box.tree()).toEqual(written);
  });

  it('is given back by remove, byte for byte', async () => {
    const { before } = open(home);
    await run('remove', '--yes');
    expect(ofUser(box.tree())).toEqual(ofUser(before));
    expect(Object.keys(box.tree()).filter((name) => /orcc/.test(name))).toEqual([]);
  });

  it('is given back by remove after a switch, which writes schemaVersion 2', async () => {
    const { before } = open(home);
    await run(...(home.name.startsWith('back') ? ['switch', '--back', '--yes'] : SWITCH));
    expect(box.read('.config/orcc/state.json')).toContain('"schemaVersion": 2');
    expect(box.read('.config/orcc/state.json')).not.toContain(box.home);
    await run('remove', '--yes');
    expect(ofUser(box.tree())).toEqual(ofUser(before));
  });

  it('has what the old orcc wrote again after switch and undo', async () => {
    const { written } = open(home);
    await run(...(home.name.startsWith('back') ? ['switch', '--back', '--yes'] : SWITCH));
    await run('undo', '--yes');
    expect(ofUser(box.tree())).toEqual(ofUser(written));
  });

  it("loses the old orcc's own last change with undo", async () => {
    const { before } = open(home);
    await run('undo', '--yes');
    if (home.name === 'two changes' || home.name.startsWith('back')) await run('undo', '--yes');
    expect(ofUser(box.tree())).toEqual(ofUser(before));
  });
});

describe.each(WRITTEN.homes.filter(isKilled))('a home in which orcc 0.1.0 was $name', (home) => {
  it('is as it was before once the next command has rolled it back', async () => {
    const { before } = open(home);
    const ran = await box.orcc(['remove', '--yes'], { cwd: work });
    expect([0, 3], ran.stderr).toContain(ran.code);
    expect(ofUser(box.tree())).toEqual(ofUser(before));
  });
});

it('covers every storage in every target that takes it', () => {
  expect(WHOLE.map(({ name }) => name).filter((name) => name.includes(' in '))).toHaveLength(7 + 7 + 4 + 2 + 1);
});
