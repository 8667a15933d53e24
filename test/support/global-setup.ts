import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs once, before and after all tests, in Vitest's own process, which still has the developer's real home: what orcc
 * could write there must be the same afterwards.
 */
export default function setup(): () => void {
  buildIfStale();
  const notes = mkdtempSync(path.join(tmpdir(), 'orcc-prove-'));
  process.env['PROVE_NOTES_FILE'] = path.join(notes, 'skipped.jsonl');
  const before = readTraces();
  return () => {
    rmSync(notes, { recursive: true, force: true });
    const after = readTraces();
    const touched = [...before.keys()].filter((file) => before.get(file) !== after.get(file));
    if (touched.length > 0) throw new Error(`The tests left their sandbox, or someone else changed: ${touched.join(', ')}`);
  };
}

/** Every place in the real home that orcc writes to, with a fingerprint of what is there. */
function readTraces(): Map<string, string> {
  const home = homedir();
  const config = process.env['XDG_CONFIG_HOME'] ?? path.join(home, '.config');
  const files = ['.bashrc', '.bash_profile', '.bash_login', '.profile', '.zshrc', '.zshenv'].map((name) => path.join(home, name));
  files.push(path.join(config, 'orcc'), path.join(config, 'fish', 'conf.d', 'orcc.fish'), path.join(config, 'powershell', 'profile.ps1'));
  files.push(path.join(process.env['CLAUDE_CONFIG_DIR'] ?? path.join(home, '.claude'), 'settings.json'));
  return new Map(files.map((file) => [file, fingerprint(file)]));
}

function fingerprint(file: string): string {
  if (!existsSync(file)) return 'absent';
  const content = statSync(file).isDirectory() ? readdirSync(file, { recursive: true }).sort().join('\n') : readFileSync(file);
  return createHash('sha256').update(content).digest('hex');
}

/** Tests of the built program must not test yesterday's: `npx vitest run` alone builds too where a source is newer. */
function buildIfStale(): void {
  const built = path.join(root, 'dist', 'main.js');
  const newest = Math.max(
    ...readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((file) => mtime(path.join(root, 'src', file))),
  );
  if (mtime(built) > newest) return;
  try {
    execFileSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: 'pipe' });
  } catch {
    process.stderr.write('The program could not be built (`npm run build` says why): tests of it run an old one or fail\n');
  }
}

function mtime(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
