import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import type { ModelFacts } from '../../openrouter/model-facts.ts';
import { buildSetup, limitsFor, type SetupInput } from '../../change/build-setup.ts';
import { chooseLabels } from '../../change/labels.ts';
import { linesToPaste } from '../../edit/shell/print-only.ts';

/**
 * The error for a shell whose files orcc can't write, if nobody can choose another place: exit 6 with the lines to paste, never a
 * guess.
 */
export function unsupportedShell(
  ctx: Pick<Context, 'home' | 'platform'>,
  name: string,
  about: Pick<SetupInput, 'mapping' | 'baseUrl' | 'keyStorage' | 'own'> & { readonly facts: readonly ModelFacts[] },
): OrccError {
  const limits = limitsFor('derived', about.mapping, about.facts, { hasUser: false, hasProject: false });
  const labels = chooseLabels(undefined, about.mapping, about.facts);
  const setup = buildSetup({ ...about, limits, labels, platform: ctx.platform });
  // Pasted lines refer to the key's file, since the key itself is never printed.
  const content = {
    baseUrl: setup.baseUrl,
    key: setup.shellKey.kind === 'literal' ? ({ kind: 'file', path: about.own.key } as const) : setup.shellKey,
    variables: setup.variables,
  };
  const paste = linesToPaste(name, content, { home: ctx.home, platform: ctx.platform });
  const lines =
    paste === undefined ? '' : `\nLines for ${paste.file}, once the key is stored:\n${paste.lines.map((line) => `  ${line}`).join('\n')}`;
  return new OrccError('refused', `orcc can't write the start-up file of ${name}${lines}`, {
    hint: '`--target user` works in every shell: Claude Code reads it itself',
  });
}
