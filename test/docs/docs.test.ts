import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { brokenLinks } from '../../scripts/release/links.mjs';
import { loadProgram } from '../../src/cli/commands.ts';
import { renderManPage } from '../../scripts/docs/man-page.ts';
import { parseProfileFile } from '../../src/config/profile-file.ts';
import { renderSchemas } from '../../scripts/docs/schemas.ts';
import { parseTeamFile } from '../../src/config/team-file.ts';
import { isFlag } from '../../src/core/command.ts';

const PROGRAM = await loadProgram();

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');

describe('what `npm run docs` writes', () => {
  it('is the man page of the commands as they are', () => {
    expect(read('man/orcc.1')).toBe(renderManPage(PROGRAM));
  });

  it('is the picture of the rooms as they import each other, and its text for who cannot see it', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/architecture.mjs', '--check'], { cwd: root, encoding: 'utf8' });
    expect(status, `${stderr}docs/architecture.svg is older than the imports: npm run docs`).toBe(0);
    const rooms = readdirSync(path.join(root, 'src'));
    const told = /the highest first: ([\w, ]+)\]\(architecture\.svg\)/.exec(read('docs/architecture.md'))?.[1]?.split(', ');
    expect(told?.toSorted()).toEqual(rooms.toSorted());
  }, 60_000);

  it.each(Object.entries(renderSchemas()))('is %s as the parser has it', (name, text) => {
    expect(read(`schemas/${name}`)).toBe(text);
  });
});

describe('the JSON Schemas', () => {
  const compile = (name: string): ((value: unknown) => boolean) => {
    const validate = new Ajv({ strict: false }).compile(JSON.parse(read(`schemas/${name}`)));
    return (value) => validate(value);
  };
  const accepts = (parse: () => unknown): boolean => {
    try {
      parse();
      return true;
    } catch {
      return false;
    }
  };
  const mapping = { opus: 'z-ai/glm-4.7', sonnet: '~anthropic/claude-sonnet-latest', haiku: 'a/b:free' };

  it.each(
    [
      { schemaVersion: 1 },
      { schemaVersion: 1, mapping, defaultAlias: 'opus', minimumVersion: '0.1.0', $schema: './x.json' },
      { schemaVersion: 1, presets: { cheap: { mapping: { ...mapping, fable: '@preset/x', subagent: 'a/b' } } } },
      {},
      { schemaVersion: 1, key: 'x' },
      { schemaVersion: 1, mapping: { opus: 'a/b' } },
      { schemaVersion: 1, mapping, defaultAlias: 'subagent' },
      { schemaVersion: 1, mapping: { ...mapping, opus: 'two words' } },
      { schemaVersion: 1, minimumVersion: 'new' },
      { schemaVersion: 1, mapping: { ...mapping, more: 'a/b' } },
      [],
    ].map((value) => [value]),
  )('agree with the parser on %j', (value) => {
    const valid = compile('orcc.schema.json');
    expect(valid(value)).toBe(accepts(() => parseTeamFile(JSON.stringify(value), 'orcc.json', '0.1.0')));
  });

  it.each([
    { schemaVersion: 1, profiles: { a: { mapping } } },
    { schemaVersion: 1, profiles: { a: { mapping, defaultAlias: 'haiku', more: 1 } } },
    { schemaVersion: 1 },
    { profiles: {} },
  ])('agree on a profile file %j', (value) => {
    expect(compile('profiles.schema.json')(value)).toBe(accepts(() => parseProfileFile(JSON.stringify(value), 'p.json')));
  });
});

describe('docs/teams-and-ci.md', () => {
  const page = read('docs/teams-and-ci.md');

  it('shows an orcc.json that orcc takes', () => {
    const example = /```json\n([^]*?)```/.exec(page)?.[1] ?? '';
    expect(parseTeamFile(example, 'orcc.json', '0.1.0')).toMatchObject({ mapping: { opus: 'z-ai/glm-5.3' } });
  });
});

describe('what the pages say', () => {
  const pages = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md') && !['findings.md', 'design.md'].includes(name));

  it.each(['README.md', 'README.fr.md', ...pages.map((name) => `docs/${name}`)])('%s names only commands and flags that exist', (file) => {
    const text = read(file);
    const fences = [...text.matchAll(/```sh\n([^]*?)```/g)].flatMap((match) =>
      (match[1] ?? '').split('\n').map((line) => line.replace(/(^|\s)#.*$/, '')),
    );
    const inline = [...text.replace(/```[^]*?```/g, '').matchAll(/`([^`]+)`/g)].map((match) => (match[1] ?? '').replaceAll('\n', ' '));
    const lines = [...fences, ...inline].flatMap((line) =>
      [...line.matchAll(/(?:^|[(|"] ?)orcc ([a-z][^|)"]*)/g)].map((match) => match[1] ?? ''),
    );
    const unknown = lines.filter((line) => {
      const [name = '', second = ''] = line.split(/\s+/);
      const command = PROGRAM.commands?.find((each) => each.name === name);
      if (command === undefined) return true;
      const below = command.commands?.find((each) => each.name === second) ?? command;
      const flags = (line.split(' -- ')[0] ?? '').match(/--[a-z][\w-]*/g) ?? [];
      return flags.some((flag) => flag !== '--help' && below.flags.every((each) => !isFlag(each, flag)));
    });
    expect(unknown).toEqual([]);
  });
});

describe('README.md', () => {
  const page = read('README.md');
  const screen = page.split('\n').slice(0, 40).join('\n');

  it('says within the first screen how to install, to undo and to remove, and shows one picture there', () => {
    for (const part of ['npm install --global', 'orcc init', 'orcc undo', 'orcc remove', '<picture>']) expect(screen).toContain(part);
    expect(page.match(/<picture>/g)).toHaveLength(1);
  });

  it('leads to every page of docs/ and to every screen, which are there in light and dark', () => {
    for (const name of readdirSync(path.join(root, 'docs')).filter((each) => each.endsWith('.md')))
      expect(page).toContain(`(docs/${name})`);
    for (const name of ['init', 'switch', 'test', 'status', 'doctor']) {
      expect(page).toContain(`docs/screens/${name}-light.svg`);
      for (const theme of ['light', 'dark']) expect(existsSync(path.join(root, 'docs', 'screens', `${name}-${theme}.svg`))).toBe(true);
    }
  });

  it('and each link of the pages leads to a file, and to a heading of it', () => {
    const names = [
      'README.md',
      'README.fr.md',
      ...readdirSync(path.join(root, 'docs'))
        .filter((each) => each.endsWith('.md'))
        .map((each) => `docs/${each}`),
    ];
    const broken = names.flatMap((name) => brokenLinks(root, name));
    expect(broken).toEqual([]);
  });
});

describe('README.fr.md', () => {
  const english = read('README.md');
  const french = read('README.fr.md');
  const headings = (text: string): string[] => withoutCode(text).flatMap((line) => /^#+ /.exec(line)?.[0] ?? []);
  const withoutCode = (text: string): string[] => text.replace(/```[^]*?```/g, '').split('\n');
  const blocks = (text: string): string[] =>
    [...text.matchAll(/```\w*\n([^]*?)```/g)].map((match) =>
      (match[1] ?? '')
        .split('\n')
        .map((line) => line.replace(/\s+#(?! >>>| <<<) .*$/, '').trimEnd())
        .filter((line) => line !== '')
        .join('\n'),
    );
  const rows = (text: string): number[] =>
    text
      .split(/\n\n/)
      .map((part) => part.split('\n').filter((line) => line.startsWith('|')).length)
      .filter((count) => count > 0);
  const codes = (text: string): string[] =>
    [
      ...new Set(
        [...text.replace(/```[^]*?```/g, '').matchAll(/`(orcc [^`]+|--[\w-]+|[A-Z]+(?:_[A-Z0-9]+)+)`/g)].map((match) => match[1] ?? ''),
      ),
    ].sort();

  it('has the headings of README.md, at the same levels', () => {
    expect(headings(french)).toEqual(headings(english));
  });
  it('has the same commands in its blocks; only comments are translated', () => {
    expect(blocks(french)).toEqual(blocks(english));
  });
  it('says that the messages are in English', () => {
    expect(french).toMatch(/messages du programme sont en anglais/);
  });
  it('has tables of the same length', () => {
    expect(rows(french)).toEqual(rows(english));
  });
  it('names the same commands, flags and findings', () => {
    expect(codes(french)).toEqual(codes(english));
  });
});
