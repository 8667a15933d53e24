import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileSystem } from '../../src/system/files.ts';

const files = createFileSystem();
let folder = '';

beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'orcc-files-')));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

const at = (name: string): string => path.join(folder, name);

describe('the real file port', () => {
  it('tells files, folders and links apart and says nothing of what is absent', () => {
    fs.writeFileSync(at('file'), 'abc');
    fs.chmodSync(at('file'), 0o640);
    fs.symlinkSync('file', at('link'));
    fs.symlinkSync('nowhere', at('dangling'));
    expect(files.lstat(at('file'))).toMatchObject({ kind: 'file', size: 3, mode: 0o640, nlink: 1 });
    expect(files.lstat(folder)).toMatchObject({ kind: 'directory' });
    expect(files.lstat(at('link'))).toMatchObject({ kind: 'link' });
    expect(files.stat(at('link'))).toMatchObject({ kind: 'file' });
    expect(files.lstat(at('dangling'))).toMatchObject({ kind: 'link' });
    expect(files.stat(at('dangling'))).toBeUndefined();
    expect(files.lstat(at('none'))).toBeUndefined();
    expect(files.lstat(at('file/below'))).toBeUndefined();
    expect(files.readlink(at('link'))).toBe('file');
    expect(files.realpath(at('link'))).toBe(at('file'));
    expect(files.readdir(folder).toSorted()).toEqual(['dangling', 'file', 'link']);
  });

  it('names the folder that stands in the place of a file', () => {
    expect(() => files.readFile(folder)).toThrowError(expect.objectContaining({ code: 'EISDIR', path: folder }));
  });

  it('throws for links in a circle', () => {
    fs.symlinkSync('b', at('a'));
    fs.symlinkSync('a', at('b'));
    expect(() => files.stat(at('a'))).toThrow(expect.objectContaining({ code: 'ELOOP' }));
  });

  it('opens a new file once only, with the given mode', () => {
    const fd = files.openExclusive(at('new'), 0o600);
    expect(files.write(fd, Buffer.from('xxabc'), 2)).toBe(3);
    files.fsync(fd);
    files.close(fd);
    expect(fs.readFileSync(at('new'), 'utf8')).toBe('abc');
    expect(files.lstat(at('new'))?.mode).toBe(0o600);
    expect(() => files.openExclusive(at('new'), 0o600)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  });

  it('opens an existing file without cutting it', () => {
    fs.writeFileSync(at('old'), 'abcdef');
    const fd = files.openExisting(at('old'));
    files.write(fd, Buffer.from('XY'), 0);
    files.ftruncate(fd, 4);
    files.fchmod(fd, 0o604);
    files.close(fd);
    expect(fs.readFileSync(at('old'), 'utf8')).toBe('XYcd');
    expect(files.lstat(at('old'))?.mode).toBe(0o604);
    expect(() => files.openExisting(at('none'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  it('opens a folder for fsync where the system has that', () => {
    const fd = files.openFolder(folder);
    expect(fd === undefined).toBe(process.platform === 'win32');
    if (fd === undefined) return;
    files.fsync(fd);
    files.close(fd);
  });

  it('says whether something may be read or written and never throws about it', () => {
    fs.writeFileSync(at('file'), '');
    expect(files.access(at('file'), 'write')).toBe(true);
    expect(files.access(at('none'), 'read')).toBe(false);
  });

  it('makes one folder at a time, renames and deletes', () => {
    expect(() => files.mkdir(at('a/b'), 0o700)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    files.mkdir(at('a'), 0o700);
    expect(files.lstat(at('a'))?.mode).toBe(0o700);
    fs.writeFileSync(at('one'), '1');
    fs.writeFileSync(at('two'), '2');
    files.rename(at('one'), at('two'));
    expect(fs.readFileSync(at('two'), 'utf8')).toBe('1');
    files.chmod(at('two'), 0o600);
    files.unlink(at('two'));
    files.rmdir(at('a'));
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
