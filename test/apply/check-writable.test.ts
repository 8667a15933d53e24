import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkWritable } from '../../src/apply/check-writable.ts';
import { OrccError } from '../../src/core/errors.ts';
import { useTempHome } from '../support/use.ts';

const home = useTempHome();

/** The refusal's message, and that it is one: exit 6, with a hint. */
function refusal(name: string, want: 'write' | 'delete' | 'mode' = 'write', ctx = home.ctx): string {
  try {
    checkWritable(ctx, home.path(name), want);
  } catch (error) {
    if (!(error instanceof OrccError)) throw error;
    expect(error.exit).toBe('refused');
    expect(error.hint).not.toBeUndefined();
    expect(error.message).toContain(home.path(name));
    return error.message;
  }
  return 'allowed';
}

describe('what may be written', () => {
  it('is an ordinary file, a new one, and one behind links', () => {
    home.write('real/rc', 'x');
    fs.mkdirSync(home.path('links'));
    fs.symlinkSync('../real/rc', home.path('links/one'));
    fs.symlinkSync('links/one', home.path('two'));
    expect(checkWritable(home.ctx, home.path('two'))).toMatchObject({ real: home.path('real/rc'), folder: home.path('real'), missing: [] });
    expect(checkWritable(home.ctx, home.path('a/b/new'))).toMatchObject({ stat: undefined, missing: [home.path('a'), home.path('a/b')] });
  });

  it('is the file that a link to nowhere would make', () => {
    fs.mkdirSync(home.path('dotfiles'));
    fs.symlinkSync('dotfiles/rc', home.path('rc'));
    expect(checkWritable(home.ctx, home.path('rc'))).toMatchObject({ real: home.path('dotfiles/rc'), stat: undefined });
  });

  it('is found through a linked folder, from which relative links count', () => {
    home.write('deep/er/real', 'x');
    fs.symlinkSync('../other', home.path('deep/er/link'));
    home.write('deep/other', 'y');
    fs.symlinkSync('deep/er', home.path('short'));
    expect(checkWritable(home.ctx, home.path('short/link')).real).toBe(home.path('deep/other'));
  });

  it('is a file of just 8 MiB, one that its group or others alone may write to where the system agrees, and for root the mode of anyone’s', () => {
    home.write('large', Buffer.alloc(8 * 1024 * 1024));
    home.write('group', 'x', 0o464);
    home.write('others', 'x', 0o446);
    home.write('foreign', 'x');
    const { lstat } = home.ctx.fs;
    const fs = {
      ...home.ctx.fs,
      access: () => true,
      lstat: (path: string) => {
        const stat = lstat(path);
        return stat === undefined || path !== home.path('foreign') ? stat : { ...stat, uid: 4242 };
      },
    };
    expect(refusal('large')).toBe('allowed');
    for (const name of ['group', 'others']) expect(refusal(name, 'write', { ...home.ctx, fs })).toBe('allowed');
    expect(refusal('foreign', 'mode', { ...home.ctx, home: '/nowhere', uid: 0, fs })).toBe('allowed');
  });
});

describe('what is refused before anything is written', () => {
  it.each<[string, RegExp, (at: string) => void]>([
    ['a folder', /: it is a folder$/, (at) => fs.mkdirSync(at)],
    ['a pipe', /: it is a pipe/, (at) => execFileSync('mkfifo', [at])],
    ['a device', /: it is .*a device/, (at) => fs.symlinkSync('/dev/null', at)],
    ['a link to itself', /: its links form a loop$/, (at) => fs.symlinkSync(at, at)],
    ['a link into a missing folder', /: [^:]*does not exist$/, (at) => fs.symlinkSync('none/file', at)],
    ['a read-only file', /: it is read-only$/, (at) => fs.writeFileSync(at, 'x', { mode: 0o444 })],
    ['a read-only program', /: it is read-only$/, (at) => fs.writeFileSync(at, 'x', { mode: 0o555 })],
    ['a huge file', /: .* 8 MiB$/, (at) => fs.writeFileSync(at, Buffer.alloc(8 * 1024 * 1024 + 1))],
  ])('%s', (_name, reason, make) => {
    make(home.path('rc'));
    expect(refusal('rc')).toMatch(reason);
  });

  it('a file behind more than 40 links, as Linux refuses it', () => {
    home.write('0', 'x');
    for (let link = 1; link <= 41; link += 1) fs.symlinkSync(String(link - 1), home.path(String(link)));
    expect([refusal('40'), refusal('41')]).toEqual(['allowed', expect.stringMatching(/ loop$/)]);
  });

  it('a path through a circle of links, with the reason', () => {
    fs.symlinkSync('circle', home.path('circle'));
    expect(refusal('circle/below/rc')).not.toBe('allowed');
  });

  it('a path through a file, and through a link to nowhere', () => {
    home.write('file', 'x');
    fs.symlinkSync('none', home.path('link'));
    expect(refusal('file/below/rc')).not.toBe('allowed');
    expect(refusal('link/below/rc')).not.toBe('allowed');
  });

  it('a file that the system does not let be written: foreign, immutable, on a read-only file system', () => {
    home.write('rc', 'x');
    const fs = {
      ...home.ctx.fs,
      access: (path: string, want: 'read' | 'write') => want !== 'write' || path !== home.path('rc'),
    };
    expect(refusal('rc', 'write', { ...home.ctx, fs })).not.toBe('allowed');
  });

  it('a new file in a folder that takes none, and deleting one from it', () => {
    home.write('rc', 'x');
    const fs = { ...home.ctx.fs, access: (path: string, want: 'read' | 'write') => want !== 'write' || path !== home.home };
    expect(refusal('new', 'write', { ...home.ctx, fs })).not.toBe('allowed');
    expect(refusal('below/new', 'write', { ...home.ctx, fs })).not.toBe('allowed');
    expect(refusal('rc', 'delete', { ...home.ctx, fs })).not.toBe('allowed');
    expect(refusal('rc', 'write', { ...home.ctx, fs })).toBe('allowed');
  });

  it.skipIf(process.getuid?.() === undefined)('everything in a home that belongs to someone else', () => {
    home.write('rc', 'x');
    const uid = (process.getuid?.() ?? 0) + 1;
    expect(refusal('rc', 'write', { ...home.ctx, uid })).toMatch(new RegExp(`\\b${uid - 1}\\b.*\\b${uid}\\b`));
    fs.symlinkSync('.', home.path('link'));
    expect(refusal('rc', 'write', { ...home.ctx, home: home.path('link'), uid })).not.toBe('allowed');
    home.write('elsewhere/x', 'x');
    expect(refusal('rc', 'write', { ...home.ctx, home: home.path('elsewhere'), uid })).toBe('allowed');
  });

  it("a mode that only the file's owner may change", () => {
    home.write('project/rc', 'x');
    expect(refusal('project/rc', 'mode', { ...home.ctx, home: '/nowhere', uid: (process.getuid?.() ?? 0) + 1 })).not.toBe('allowed');
  });

  it('a file of the Nix store, with the home-manager way', () => {
    home.write('rc', 'x');
    const fs = { ...home.ctx.fs, realpath: () => '/nix/store/abc-home-files', lstat: () => home.ctx.fs.lstat(home.path('rc')) };
    expect(() => checkWritable({ ...home.ctx, fs }, home.path('rc'))).toThrow(
      expect.objectContaining({ exit: 'refused', hint: expect.stringContaining('home-manager') as string }),
    );
    expect(() => checkWritable({ ...home.ctx, fs }, home.path('settings.json'))).toThrow(
      expect.objectContaining({ exit: 'refused', hint: expect.stringContaining('orcc export --managed') as string }),
    );
  });
});
