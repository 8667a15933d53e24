import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { initWords, useBox } from '../support/use.ts';

/** Text of the user's that looks like orcc's: a block in a here-document or a string, a line that was never switched off. */
const box = useBox();
const KEY = `sk-or-v1-${'e'.repeat(64)}`;
const INIT = initWords(['--target', 'bash']);
const HEREDOC = "'EOF'\n# >>> orcc >>> v=1 sum=00000000 an example\nexport ANTHROPIC_BASE_URL='https://example.com'\n# <<< orcc <<<\nEOF\n";

const run = async (args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await box.orcc(args, { env: { ...box.env, MY_KEY: KEY } });
  expect([args[0], code, stderr]).toEqual([args[0], 0, expect.any(String)]);
  return stdout + stderr;
};
const profile = (): string => box.read('.bashrc') ?? '';

describe.skipIf(process.platform === 'win32')('markers that nobody runs are nobody’s block', () => {
  it.each([
    ['a here-document', `cat <<${HEREDOC}`],
    ['a here-document of an `if`', `if [ -n "$HELP" ]; then\n  cat <<${HEREDOC}fi\nalias x='y'\n`],
    ['a here-document behind a heredoc of another', `cat <<A <<${HEREDOC.replace("'EOF'\n", "'EOF'\nfirst\nA\n")}`],
    ['a here-document in a command substitution', `help=$(cat <<${HEREDOC})\n`],
    ['the same in quotes', `help="$(cat <<${HEREDOC})"\n`],
    ['a string', "help='see:\n# >>> orcc >>> v=1\nnothing\n# <<< orcc <<<\n'\n"],
    ['a string with substitutions', 'help="see $(uname):\n# >>> orcc >>> v=1\nnothing\n# <<< orcc <<<\n"\n'],
    ['a here-document beside a string, after a comment with a quote', `# don't\nx="it's"\ncat <<${HEREDOC}`],
    ['a here-document of a `case`', `f() {\n  case $1 in\n    a) cat <<${HEREDOC.replace("'EOF'\n", "'EOF' ;;\n")}  esac\n}\n`],
    ['a here-document in backticks', `x=\`cat <<${HEREDOC}\`\n`],
    ['the same in quotes of their own', `x="\`cat <<${HEREDOC}\`"\n`],
    ['a here-document of a process', `cat <(cat <<${HEREDOC}) >/dev/null\n`],
    ['a here-document of a default', `x=\${y:-$(cat <<${HEREDOC})}\n`],
    ['a here-document within a test', `[[ -n $(cat <<${HEREDOC}) ]]\n`],
    ['two of them', `cat <<${HEREDOC}cat <<${HEREDOC}`],
    ['a here-document with a begin alone', "cat <<'EOF'\n# >>> orcc >>> v=1 sum=00000000 an example\nEOF\n"],
    ['a here-document with an end alone', 'cat <<EOF\nsee\n# <<< orcc <<<\nEOF\n'],
    ['a here-document with an end before a begin', 'cat <<EOF\n# <<< orcc <<<\n# >>> orcc >>> v=1\nEOF\n'],
    ['a here-document with a begin of a newer orcc', 'cat <<EOF\n# >>> orcc >>> v=99\nEOF\n'],
    ['a string with a begin alone', "help='see:\n# >>> orcc >>> v=1\n'\n"],
    ['a string with an end alone', 'help="see:\n# <<< orcc <<<\n"\n'],
  ])('in %s', async (_, text) => {
    box.write('.bashrc', text);
    await run([...INIT, '--force']);
    expect(profile().startsWith(text)).toBe(true);
    expect(profile().slice(text.length)).toMatch(/^# >>> orcc >>> v=1 sum=/);
    await run(['remove', '--yes']);
    expect(profile()).toBe(text);
  });

  it.each([
    ['zsh', '.zshrc', `x==(cat <<${HEREDOC})\n`],
    ['powershell', '.config/powershell/profile.ps1', '<#\n# >>> orcc >>> v=1\nnothing\n# <<< orcc <<<\n#>\n'],
  ])('of %s, in what it alone has', async (shell, file, text) => {
    box.write(file, text);
    await run([...INIT.map((word) => (word === 'bash' ? shell : word)), '--force']);
    expect(box.read(file)?.startsWith(text)).toBe(true);
    await run(['remove', '--yes']);
    expect(box.read(file)).toBe(text);
  });

  it.each([
    ['an unfinished string above', "alias broken='x\n"],
    ['an unfinished here-document above', 'cat <<EOF\n'],
    ['a comment with a quote in a substitution above', "x=$(uname # it's\n)\n"],
  ])('and a real block is orcc’s in spite of %s', async (_, above) => {
    await run(INIT);
    const block = profile();
    box.write('.bashrc', above + block + 'alias y="z"\nx=$(uname)\n');
    await run(['remove', '--yes', '--force']);
    expect(profile()).toBe(`${above}alias y="z"\nx=$(uname)\n`);
  });
});

describe.skipIf(process.platform === 'win32')('a line that only looks switched off', () => {
  const FOREIGN = "# orcc: disabled: export ANTHROPIC_BASE_URL='https://example.com'\n";
  it('without --force, through switch, doctor and undo, nothing of it is touched', async () => {
    const text = `cat <<${HEREDOC}`;
    box.write('.bashrc', text);
    await run(INIT);
    await run(['switch', 'opus=z-ai/glm-4.7', '--yes', '--offline']);
    await box.orcc(['doctor', '--fix', '--yes', '--offline'], { env: { ...box.env, MY_KEY: KEY } });
    expect(profile().startsWith(`${text}# >>> orcc >>> v=1 sum=`)).toBe(true);
    await run(['undo', '2', '--yes']);
    expect(profile()).toBe(text);
  });

  it('stays as it is, and that is said', async () => {
    box.write('.bashrc', FOREIGN);
    await run(INIT);
    expect(await run(['remove', '--yes'])).toContain('`~/.bashrc` line 1:');
    expect(profile()).toBe(FOREIGN);
  });

  it('stays beside those that orcc switched off, which come back', async () => {
    const own = `${FOREIGN}export ANTHROPIC_MODEL='x/y'\n`;
    for (const way of [['remove'], ['undo']]) {
      box.write('.bashrc', own);
      box.write('.bash_aliases', own);
      await run([...INIT, '--adopt']);
      expect(profile()).toContain("# orcc: disabled: export ANTHROPIC_MODEL='x/y'");
      await run([...way, '--yes']);
      expect([box.read('.bashrc'), box.read('.bash_aliases')]).toEqual([own, own]);
    }
  });

  it('stays where another key comes, though it holds the one that leaves', async () => {
    const own = `# orcc: disabled: export OPENROUTER_API_KEY=${KEY}\n# orcc: disabled, its key kept apart (01234567): export A=sk-or-...eeee\n`;
    box.write('.bashrc', `${own}export ANTHROPIC_AUTH_TOKEN=${KEY}\n`, 0o600);
    await run([...INIT, '--adopt']);
    const next = { env: { ...box.env, MY_KEY: KEY.replaceAll('e', 'f') } };
    expect((await box.orcc(['key', 'set', '--key-env', 'MY_KEY', '--no-check', '--yes'], next)).code).toBe(0);
    expect(profile().startsWith(`${own}# >>> orcc >>>`)).toBe(true);
    await run(['remove', '--yes']);
    expect(profile()).toBe(own);
  });

  it('stays where the records are lost', async () => {
    box.write('.bashrc', FOREIGN);
    await run(INIT);
    rmSync(box.at('.config/orcc'), { recursive: true });
    expect(await run(['remove', '--yes'])).toContain('`~/.bashrc` line 1:');
    expect(profile()).toBe(FOREIGN);
  });
});
