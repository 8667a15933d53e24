import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { FixRequest } from '../../src/doctor/check.ts';
import type { Box } from '../support/box.ts';
import { FIX_RC, FIX_ROWS, type FixPlace } from '../support/set-ups/fixes.ts';
import { initIn, useBox, useSimulator } from '../support/use.ts';

const simulator = await useSimulator();
const box = useBox();

const placeOf = (there: Box): FixPlace => ({
  url: simulator.baseUrl,
  key: simulator.key,
  read: (name) => there.read(name) ?? '',
  write: (name, text, mode) => void there.write(name.replace(/^\.\//, '../work/'), text, mode),
  startGit: () => void execFileSync('git', ['init', '-q', there.cwd], { env: { ...process.env, ...there.env } }),
});

/** The errors and warnings that doctor finds, with what they are about. */
async function find(): Promise<ReadonlySet<string>> {
  const ran = await box.orcc(['doctor', '--offline', '--json']);
  const findings = ran.json().findings as readonly { code: string; severity: string; subject?: string }[];
  return new Set(findings.flatMap(({ code, severity, subject = '' }) => (severity === 'info' ? [] : [`${code} ${subject}`])));
}

const ofUser = (tree: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tree).filter(([name]) => !/^(?:home\/)?(?:\.config)?(?:\/orcc.*)?$|\.config/.test(name) && !name.includes('.git/')),
  );

describe.each(Object.entries(FIX_ROWS))('a fix: %s', (_name, row) => {
  async function open(): Promise<{
    readonly before: Record<string, string>;
    readonly broken: Record<string, string>;
    /** What doctor finds before anything is broken: a broken file may hide it. */
    readonly healthy: ReadonlySet<string>;
  }> {
    box.write('.bashrc', FIX_RC, 0o644);
    const before = box.tree();
    if (row.init !== undefined) expect((await initIn(box, simulator, row.init)).code).toBe(0);
    const healthy = row.init === undefined ? new Set<string>() : await find();
    const set = box.tree();
    row.breaks(placeOf(box));
    const broken = box.tree();
    const theirs = Object.entries(broken).filter(
      ([name, sum]) => set[name] !== sum && !(row.init !== undefined && set[name] !== undefined),
    );
    return { before: { ...before, ...Object.fromEntries(theirs) }, broken, healthy };
  }
  const fix = async (): Promise<void> => {
    const ran = await box.orcc(['doctor', '--offline', '--fix', row.code, '--yes', '--json']);
    expect(ran.stderr).not.toContain('not fixed');
  };

  it('finds nothing afterwards that was not there before, and no longer what it fixed', async () => {
    const { healthy } = await open();
    const found = await find();
    expect([...found].map((each) => each.split(' ')[0])).toContain(row.code);
    await fix();
    const left = [...(await find())];
    expect(left.filter((each) => !found.has(each) && !healthy.has(each))).toEqual([]);
    expect(left.map((each) => each.split(' ')[0])).not.toContain(row.code);
  });

  it.skipIf(row.isFinal)('is taken back by undo, byte for byte and with the modes', async () => {
    const { broken } = await open();
    await fix();
    expect((await box.orcc(['undo', '--yes'])).code).toBe(0);
    expect(ofUser(box.tree())).toEqual(ofUser(broken));
  });

  it.skipIf(row.isFinal)('is taken back by remove, byte for byte and with the modes', async () => {
    const { before } = await open();
    await fix();
    const ran = await box.orcc(['remove', '--yes']);
    expect([0, 1], ran.stderr).toContain(ran.code);
    if (row.bashrc === undefined) expect(ofUser(box.tree())).toEqual(ofUser(before));
    else expect(box.read('.bashrc')).toBe(row.bashrc);
    expect(box.tree()['home/.config/orcc'] ?? box.tree()['.config/orcc']).toBeUndefined();
  });
});

describe('the test of fixes', () => {
  it('knows every kind of fix', () => {
    const kinds: Readonly<Record<FixRequest['kind'], true>> = {
      ...{ 'set-member': true, 'remove-member': true, 'legacy-to-env': true, 'key-to-token': true, chmod: true, 'scrub-lines': true },
      ...{
        'delete-backup': true,
        gitignore: true,
        'repair-block': true,
        adopt: true,
        rewrite: true,
        'deny-images': true,
        'move-legacy': true,
      },
    };
    const tried = new Set(Object.values(FIX_ROWS).flatMap((row) => row.kinds));
    // Of a backup that holds a key nothing may come back (test/keys/exposures); images are no error or warning (test/cli/images).
    expect(Object.keys(kinds).filter((kind) => !tried.has(kind as FixRequest['kind']))).toEqual([
      'delete-backup',
      'deny-images',
      // Asked for on a terminal: test/cli/shared-settings.
      'move-legacy',
    ]);
  });
});
