import { describe, expect, it } from 'vitest';
import { repairBlock } from '../../../src/edit/shell/block-repair.ts';
import { inspectBlock, renderBlock } from '../../../src/edit/shell/block.ts';
import { HOME, OTHER_CONTENT, after, codeOf, edit, textAfter } from '../../support/start-files.ts';

const PLACE = { home: HOME, platform: 'linux' } as const;
const block = textAfter('sh', '');
const otherBlock = textAfter('sh', '', { desired: OTHER_CONTENT });
const [begin = '', ...restOfBlock] = block.split('\n');
const withoutEnd = block.replace('# <<< orcc <<<\n', '');
/** As an earlier orcc wrote it: other lines, whose sum is right. */
const earlierBlock = renderBlock(["export ANTHROPIC_OLD_NAME='x'"], '\n', false);
const END = '# <<< orcc <<<\n';

const repair = (text: string): { text: string; removed: readonly number[] } => {
  const result = repairBlock(Buffer.from(text), 'sh', PLACE);
  if (!result.ok) throw new Error(result.reason);
  return { text: Buffer.from(result.after).toString(), removed: result.removed };
};

describe('damaged markers', () => {
  const damaged = {
    'a start without an end': [`one\n${withoutEnd}two\n`, 2, 'no-end', 'one\ntwo\n'],
    'an end without a start': [`one\ntwo\n${END}`, 3, 'no-begin', 'one\ntwo\n'],
    'a block that starts inside another one': [`one\n${begin}\n${block}two\n${END}`, 2, 'nested', `one\n${block}two\n`],
    'two starts and one end': [`${begin}\n${block}two\n`, 1, 'nested', `${block}two\n`],
    'two starts and no end': [`one\n${begin}\n${begin}\ntwo\n`, 2, 'nested', 'one\ntwo\n'],
    'a start without an end, with Windows line ends': [
      `one\n${withoutEnd}`.replaceAll('\n', '\r\n') + 'two\r\n',
      2,
      'no-end',
      'one\r\ntwo\r\n',
    ],
    'an end too many, below an unfinished string that ends in the block': [
      `x="a\n${block}${END}`,
      block.split('\n').length + 1,
      'no-begin',
      `x="a\n${block}`,
    ],
    'an end too many': [`${block}two\n${END}`, block.split('\n').length + 1, 'no-begin', `${block}two\n`],
  } as const;

  it.each(Object.entries(damaged))('are refused with the line, and nothing is changed, forced or not: %s', (_, [text, line, damage]) => {
    expect(inspectBlock(Buffer.from(text), 'sh')).toEqual({ kind: 'damaged', damage, line });
    for (const more of [{}, { desired: null }, { force: true }, { desired: null, force: true }]) {
      const result = edit('sh', text, more);
      expect(codeOf(result)).toBe('BLOCK_DAMAGED');
      expect(result).toMatchObject({ line, message: expect.stringContaining(`line ${line}`) });
    }
  });

  it.each(Object.entries(damaged))('are taken out by the repair, and every other line stays: %s', (_, [text, , , repaired]) => {
    const fixed = repair(text).text;
    expect(fixed).toBe(repaired);
    expect(edit('sh', fixed)).toMatchObject({ ok: true });
  });

  it('cost no line of the user that looks like one of orcc’s own', () => {
    const mine = "fi\nexport FOO='bar'\nunset orcc_key\n";
    expect(repair(`one\n${withoutEnd}${mine}`)).toEqual({
      text: `one\n${mine}`,
      removed: withoutEnd
        .split('\n')
        .slice(1)
        .map((_, index) => index + 2),
    });
    expect(repair(`${begin}\nexport FOO='bar'\n`).text).toBe("export FOO='bar'\n");
    const earlier = withoutEnd.replace(/^(?!#).*orcc_trace.*\n/gm, '');
    expect(repair(`one\n${earlier}${mine}`).text).toBe(`one\n${mine}`);
    const inPowershell = textAfter('powershell', '').replace(END, '}\nmine\n');
    const fixed = repairBlock(Buffer.from(inPowershell), 'powershell', PLACE);
    expect(fixed.ok && Buffer.from(fixed.after).toString()).toBe('}\nmine\n');
  });

  it('are only whole lines at column 0: indented, quoted or echoed ones are text', () => {
    for (const text of [
      ` ${begin}\n`,
      `   ${begin}\n`,
      `\ufeff ${begin}\n`,
      `//${begin.slice(2)}\n`,
      '# <<< orcc <<<x',
      `echo '${begin}'\n`,
      `${begin.replace('>>> orcc >>>', '>>> orcc >>>x')}\n`,
      `x ${END}`,
      '# <<< orcc <<< mine\n',
    ]) {
      expect(inspectBlock(Buffer.from(text), 'sh').kind).toBe('none');
    }
    expect(inspectBlock(Buffer.from(block.replace('# <<< orcc <<<', '# <<< orcc <<< \t')), 'sh').kind).toBe('blocks');
  });
});

describe('a block of a newer orcc', () => {
  it('is refused with its line, forced or not', () => {
    const text = `one\n${block.replace(' v=1 ', ' v=2 ')}`;
    for (const more of [{}, { force: true }, { desired: null }])
      expect(edit('sh', text, more)).toMatchObject({ ok: false, code: 'BLOCK_NEWER', line: 2 });
    expect(repairBlock(Buffer.from(`${text}${END}`), 'sh', PLACE).ok).toBe(false);
  });
});

describe('a header in other words', () => {
  it('is known by its sum, and gets today’s words with the next write', () => {
    const old = block.replace(/(sum=\w+) .*\n/, 'managed block; $1\n');
    expect(inspectBlock(Buffer.from(old), 'sh')).toMatchObject({ kind: 'blocks', blocks: [{ edited: false }] });
    expect(textAfter('sh', old)).toBe(block);
  });

  it('and with other lines is orcc’s all the same: none of them stays', () => {
    for (const force of [false, true]) {
      expect(textAfter('sh', `one\n${earlierBlock}two\n`, { force })).toBe(`one\n${block}two\n`);
      expect(textAfter('sh', `one\n${earlierBlock}two\n`, { force, desired: null })).toBe('one\ntwo\n');
    }
    const mine = block.replace('fi\n', 'fi\nexport FOO=1\n');
    expect(edit('sh', earlierBlock + mine, { force: true })).toMatchObject({
      notes: [{ kind: 'duplicate' }, { kind: 'moved' }],
      after: Buffer.from(`${block}export FOO=1\n`),
    });
  });
});

describe('several blocks', () => {
  it('of the same body become one, the first, and the text between stays', () => {
    const result = edit('sh', `one\n${block}two\n${block}three\n${block}`);
    expect(result).toMatchObject({ ok: true, notes: [{ kind: 'duplicate' }, { kind: 'duplicate' }] });
    expect(textAfter('sh', `one\n${block}two\n${block}three\n${block}`)).toBe(`one\n${block}two\nthree\n`);
    expect(textAfter('sh', `one\n${block}two\n${block}`, { desired: null })).toBe('one\ntwo\n');
  });

  it('of different bodies are refused, and forced become the first', () => {
    const text = `${block}two\n${otherBlock}`;
    expect(codeOf(edit('sh', text))).toBe('BLOCK_DAMAGED');
    expect(codeOf(edit('sh', text, { desired: null }))).toBe('BLOCK_DAMAGED');
    expect(textAfter('sh', text, { force: true })).toBe(`${block}two\n`);
  });
});

describe('a block that was edited by hand', () => {
  const changed = `one\n${block.replace("'sonnet'", "'opus'")}two\n`;
  const added = `one\n${block.replace('fi\n', 'fi\nif [ -f ~/x ]; then\n  . ~/x\nfi\nexport FOO=1\n')}two\n`;

  it('is kept, with the line, unless forced', () => {
    for (const text of [changed, added]) {
      for (const desired of [OTHER_CONTENT, null])
        for (const more of [{}, { force: false }])
          expect(edit('sh', text, { desired, ...more })).toMatchObject({
            ok: false,
            code: 'BLOCK_EDITED',
            line: 2,
            hint: desired === null ? expect.not.stringContaining('doctor') : expect.stringContaining('doctor --fix'),
          });
    }
  });

  it('loses a changed value of orcc’s when forced', () => {
    expect(textAfter('sh', changed, { force: true })).toBe(`one\n${block}two\n`);
    expect(textAfter('sh', changed, { force: true, desired: null })).toBe('one\ntwo\n');
  });

  it('keeps the user’s own lines, whole and in order, below it when forced', () => {
    const own = 'if [ -f ~/x ]; then\n  . ~/x\nfi\nexport FOO=1\n';
    expect(textAfter('sh', added, { force: true })).toBe(`one\n${block}${own}two\n`);
    expect(textAfter('sh', added, { force: true, desired: null })).toBe(`one\n${own}two\n`);
    expect(edit('sh', added, { force: true })).toMatchObject({ notes: [{ kind: 'moved', line: 2 }] });
  });

  it('without a sum counts as edited', () => {
    expect(codeOf(edit('sh', block.replace(/sum=\w+/, '')))).toBe('BLOCK_EDITED');
    expect(after('sh', block.replace(/sum=\w+/, ''), { force: true })).toEqual(Buffer.from(block));
    expect(restOfBlock.length).toBeGreaterThan(5);
  });
});

describe('what the repair takes out besides markers', () => {
  it('is a whole body of orcc’s above an end without a start, and never a part of one', () => {
    const body = block.replace(`${begin}\n`, '');
    expect(repair(`one\n${body}two\n`).text).toBe('one\ntwo\n');
    // As it was before tracing was put off.
    const earlier = body.replace(/^.*orcc_trace.*\n/gm, '');
    expect(earlier).not.toBe(body);
    expect(repair(`one\n${earlier}two\n`).text).toBe('one\ntwo\n');
    expect(repair(`${body}two\n`).text).toBe('two\n');
    const partly = body.replace(/^.*\n/, '');
    expect(repair(`one\n${partly}`).text).toBe(`one\n${partly.replace(END, '')}`);
    expect(repair(`fi\nexport ANTHROPIC_MODEL='mine'\n${body}`).text).toBe("fi\nexport ANTHROPIC_MODEL='mine'\n");
  });

  it('is a block that nothing reaches, so that it can go where it runs', () => {
    expect(repair(`one\nreturn\n${block}two\n`)).toEqual({ text: 'one\nreturn\ntwo\n', removed: [3] });
    expect(repair(`return\n${block}`).text).toBe('return\n');
    expect(repair(`return\n${block}${END}`).text).toBe(`return\n${block}`);
    for (const text of ['one\n', block, `${block}return\n`, `return\n${block}${block}`])
      expect(repairBlock(Buffer.from(text), 'sh', PLACE).ok).toBe(false);
    const guarded = `case $- in *i*) ;; *) return;; esac\n${block}`;
    expect(repairBlock(Buffer.from(guarded), 'sh', PLACE).ok).toBe(false);
    expect(repairBlock(Buffer.from(`return\n${block.replace("'sonnet'", "'opus'")}`), 'sh', PLACE).ok).toBe(false);
  });
});
