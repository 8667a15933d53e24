import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface SourceFile {
  readonly name: string;
  readonly lines: readonly string[];
}

function readFolder(folder: string): SourceFile[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ name: path.relative(root, file), lines: readFileSync(file, 'utf8').replace(/\n$/, '').split('\n') }));
}

const sources = readFolder('src').filter(({ name }) => name.endsWith('.ts'));

describe('the sources', () => {
  it('are short: half of them at most 100 lines, none over 350', () => {
    const sizes = sources.map(({ lines }) => lines.length).sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(100);
    expect(sources.filter(({ lines }) => lines.length > 350).map(({ name, lines }) => `${name}: ${lines.length}`)).toEqual([]);
  });

  it('are built by scripts that anybody can read, of 150 lines together', () => {
    const scripts = readFolder('scripts').filter(({ name }) => /^scripts[/\\]build(?:\.mjs$|[/\\])/.test(name));
    expect(scripts.length).toBeGreaterThan(1);
    expect(scripts.reduce((sum, { lines }) => sum + lines.length, 0)).toBeLessThanOrEqual(150);
  });

  it('are named in kebab-case', () => {
    expect(sources.map(({ name }) => name).filter((name) => !/^[a-z0-9/\\-]+\.ts$/.test(name))).toEqual([]);
  });

  it('say with a comment what each exported function and class is for', () => {
    const bare = sources.flatMap(({ name, lines }) =>
      lines.flatMap((line, index) => {
        const found = /^export (?:async )?(?:function\*?|(?:abstract )?class) (\w+)/.exec(line);
        // An overload stands below the first one, which has the comment.
        const above = lines[index - 1] ?? '';
        const overload = found !== null && new RegExp(`^export function ${found[1] ?? ''}[(<]`).test(above);
        return found === null || overload || /\*\/\s*$/.test(above) ? [] : [`${name}:${index + 1} ${found[1] ?? ''}`];
      }),
    );
    expect(bare).toEqual([]);
  });

  it('hold no path of the machine that they are worked on', () => {
    // Roots of many machines, such as `/app` or `/root`, may stand in an example.
    const paths = [root.replace(/[\\/]$/, '')].filter((each) => each.split(path.sep).filter(Boolean).length > 1);
    const all = ['src', 'bin', 'test', 'scripts', 'docs', 'man', 'schemas'].flatMap(readFolder);
    const found = all.flatMap(({ name, lines }) =>
      lines.flatMap((line, index) => (paths.some((each) => line.includes(each)) ? [`${name}:${index + 1}`] : [])),
    );
    expect(found).toEqual([]);
  });
});

describe('the tests', () => {
  it('start simulators and set orcc up by the helpers of test/support, which end what they started', () => {
    const own = [
      // Worlds that end it themselves, what is sent to the real OpenRouter too, a program of its own, and the helper for one test.
      ...['test/contract/json-contract.test.ts', 'test/live/live.ts', 'test/prove/via-claude.driver.ts', 'test/simulator/support.ts'],
    ];
    const isSetUp = ([words]: readonly string[]): boolean =>
      /'--key-(?:env|stdin)'/.test(words ?? '') && /'--preset',\s*'guide'/.test(words ?? '');
    const byHand = readFolder('test').flatMap(({ name, lines }) => {
      const [file, text] = [name.replaceAll('\\', '/'), lines.join('\n')];
      if (!file.endsWith('.ts') || file.startsWith('test/support/')) return [];
      const starts = /\b(?:startSimulator|startSimulation|openRealm)\(/.test(text);
      return starts || [...text.matchAll(/'init',\s*'--yes',[^\]]*/g)].some(isSetUp) ? [file] : [];
    });
    expect(byHand.sort()).toEqual(own);
  });
});

describe('the lockfile', () => {
  it('leads to no registry host, so that everyone’s own registry serves', () => {
    const lockfile = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { resolved?: string }>;
    };
    expect(Object.entries(lockfile.packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });
});

describe('the package', () => {
  it('has no runtime dependency and no script that an install would run', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string> | undefined
    >;
    expect(manifest['dependencies']).toBeUndefined();
    const automatic = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'prepack'];
    expect(Object.keys(manifest['scripts'] ?? {}).filter((name) => automatic.includes(name))).toEqual([]);
  });
});
