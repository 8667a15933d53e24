import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../src/apply/types.ts';
import { describeWritten, viewChange } from '../../src/change/view-change.ts';
import { describeFiles, visibleEdits, visibleFiles } from '../../src/change/visible-edits.ts';
import { plainStyle } from '../../src/text/style.ts';

const HOME = '/home/u';
const edit = (owner: Edit['owner'], before: string | null, after: string | null, name = owner): Edit => ({
  path: `${HOME}/${name}`,
  owner,
  before: before === null ? null : Buffer.from(before),
  after: after === null ? null : Buffer.from(after),
  mode: null,
  modeBefore: null,
  summary: '',
});
const planned = (...edits: readonly Edit[]) => ({ plan: { edits } });

describe('the files that a user is told of', () => {
  it('are all but orcc’s own records', () => {
    const all = planned(edit('bash', '', 'x\n'), edit('config', '', 'x\n'), edit('state', '', 'x\n'), edit('key', '', 'k'));
    expect(visibleEdits(all).map(({ owner }) => owner)).toEqual(['bash', 'key']);
    expect(visibleFiles(all, HOME)).toEqual(['~/bash', '~/key']);
    expect(describeFiles(planned(edit('state', '', 'x\n')), HOME)).toBe('');
  });

  it.each<[string, Edit]>([
    ['~/zsh (+1 line)', edit('zsh', 'a\n', 'a\nb\n')],
    ['~/zsh (-1 line)', edit('zsh', 'a\nb\n', 'a\n')],
    ['~/zsh (+2 lines)', edit('zsh', '', 'a\nb\n')],
    ['~/zsh (-2 lines)', edit('zsh', 'a\nb\nc\n', 'c\n')],
    ['~/zsh (+2 -1 lines)', edit('zsh', 'a\n', 'b\nc\n')],
    ['~/zsh (+1 -1 lines)', edit('zsh', 'a\n', 'b\n')],
    ['~/zsh (its mode)', edit('zsh', 'a\n', 'a\n')],
    ['~/zsh (deleted)', edit('zsh', 'a\n', null)],
    ['~/key (readable only by you)', edit('key', null, 'secret')],
    ['~/key (deleted)', edit('key', 'secret', null)],
  ])('come with what happens to them: %s', (shown, each) => {
    expect(describeFiles(planned(each), HOME)).toBe(shown);
    expect(describeFiles(planned(each, edit('bash', '', 'x\n')), HOME)).toBe(`${shown}, ~/bash (+1 line)`);
  });

  it('are listed after a change: those that were written, then those that are gone', () => {
    const [written, gone] = [edit('bash', '', 'x\n'), edit('fish', 'x\n', null)];
    const both = describeWritten(planned(gone, written, edit('zsh', '', 'x\n'), edit('config', '', 'x\n')), HOME);
    expect(both.map((line) => line.replace(/^\w+ /, ''))).toEqual(['~/bash, ~/zsh', '~/fish']);
    expect(new Set(both.map((line) => /^\w+/.exec(line)?.[0])).size).toBe(2);
    expect(describeWritten(planned(written), HOME)).toHaveLength(1);
    expect(describeWritten(planned(gone), HOME)).toHaveLength(1);
    expect(describeWritten(planned(), HOME)).toEqual([]);
  });
});

describe('what a change shows', () => {
  const style = plainStyle();
  const done = (kind: 'applied' | 'unchanged' | 'declined' | 'dry-run', preview = 'preview') => ({
    ...{ kind, dryRun: kind === 'dry-run', decision: { kind: 'none' }, preview: () => preview },
  });
  const outcome = (kind: Parameters<typeof done>[0]) => viewChange(done(kind), { more: 1 }, () => 'said');

  it('is the preview, with what the command adds below it', () => {
    expect(outcome('applied').text(style)).toBe('preview');
    expect(
      viewChange(
        done('applied'),
        {},
        () => '',
        () => 'below',
      ).text(style),
    ).toBe('preview\n\nbelow');
    expect(
      viewChange(
        done('applied', ''),
        {},
        () => '',
        () => 'below',
      ).text(style),
    ).toBe('below');
    expect(viewChange(done('applied', ''), {}, () => '').text(style)).toBe('');
  });

  it('has its exit, its data, and the pager where nothing was done', () => {
    expect((['applied', 'unchanged', 'declined', 'dry-run'] as const).map((kind) => [outcome(kind).exit, outcome(kind).isLong])).toEqual([
      ['ok', false],
      ['ok', false],
      ['declined', false],
      ['ok', true],
    ]);
    expect(outcome('applied').data).toMatchObject({ kind: 'applied', more: 1 });
  });

  it('ends with the command’s remark, or with why nothing was written', () => {
    const remarks = (['applied', 'unchanged', 'declined', 'dry-run'] as const).map((kind) => outcome(kind).remarks?.(style) ?? '');
    expect(remarks.slice(0, 2)).toEqual(['said', 'said']);
    expect(new Set(remarks).size).toBe(3);
    expect(remarks.map((text) => text.includes('--dry-run'))).toEqual([false, false, false, true]);
  });
});
