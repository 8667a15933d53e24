import { DEFAULT_BASE_URL } from '../../core/hosts.ts';
import * as z from 'zod/mini';
import { readConfig, type Config } from '../../config/config.ts';
import { ownFiles } from '../../core/folder.ts';
import { shownCommands, type LoadProgram } from '../../core/command.ts';
import type { Context } from '../../core/context.ts';
import { TABLE } from '../../diagnose/table.ts';
import { flag, parseIntent } from '../../core/intent.ts';
import { complete } from '../../completion/complete.ts';
import { completionScript, FILES_MARK } from '../../completion/scripts.ts';
import { COMPLETION_SHELLS } from '../../completion/shells.ts';
import type { Sources, Candidate, Completion } from '../../completion/values.ts';
import { formatTokens } from '../../text/format.ts';
import { readCachedCatalog } from '../../openrouter/catalog.ts';
import { BASE_URL } from '../../claude/variables.ts';
import { listNamed } from '../../config/named-mapping.ts';
import type { Outcome } from '../../core/outcome.ts';
import { stripControls } from '../../text/text.ts';
import { findTeam } from '../../config/find-team.ts';
import { attempt } from '../../text/attempt.ts';

const shell = z.enum(COMPLETION_SHELLS);
const schema = z.object({ shell });
const completeSchema = z.object({ shell: z.exactOptional(shell), next: flag, rest: z._default(z.array(z.string()), []) });

/** `orcc completion SHELL`: prints a shell's completion script. */
export async function runCompletion(_ctx: Context, input: unknown): Promise<Outcome> {
  const intent = parseIntent(schema, input, ['shell']);
  return { exit: 'ok', data: { shell: intent.shell }, findings: [], isVerbatim: true, text: () => completionScript(intent.shell) };
}

/**
 * `orcc __complete`: what may stand at the cursor, one candidate a line, its note after a tab. Reads only orcc's own files, sends
 * no request, and stays silent about anything wrong, since a half-typed command line has no room for messages.
 */
export async function runComplete(ctx: Context, input: unknown, loadProgram: LoadProgram): Promise<Outcome> {
  const intent = parseIntent(completeSchema, input);
  const words = intent.next || intent.rest.length === 0 ? [...intent.rest, ''] : intent.rest;
  const program = await loadProgram();
  const commands = (): readonly Candidate[] => shownCommands(program).map(({ name, summary }) => ({ value: name, note: summary }));
  const found = complete(program, words, { ...sourcesOf(ctx), commands });
  // fish matches the typed text anywhere in a candidate; the other shells want only candidates that begin with it.
  const isWhole = intent.shell === 'fish';
  const current = words.at(-1) ?? '';
  return { exit: 'ok', data: null, findings: [], isVerbatim: true, text: () => render(found, isWhole ? '' : current) };
}

function render({ candidates, files }: Completion, prefix: string): string {
  const lines = candidates
    .filter(({ value }) => value.startsWith(prefix))
    // Ids come from the network: nothing in them may end a line or move a cursor.
    .map(({ value, note }) => `${stripControls(value)}${note === undefined ? '' : `\t${stripControls(note)}`}`);
  return [...(files ? [FILES_MARK] : []), ...new Set(lines)].join('\n');
}

function sourcesOf(ctx: Context): Omit<Sources, 'commands'> {
  const own = ownFiles(ctx);
  // A file that does not parse yields no candidates.
  const readOwn = (): Config | undefined => attempt(() => readConfig(ctx.fs, own.config));
  return {
    named: () =>
      listNamed(
        readOwn(),
        attempt(() => findTeam(ctx)?.file),
      ),
    models: () => {
      const baseUrl = readOwn()?.baseUrl ?? DEFAULT_BASE_URL;
      const { models } = readCachedCatalog(ctx, { folder: own.folder, endpoint: { baseUrl } });
      return models
        .filter((model) => !model.batch && model.variant !== 'batch')
        .map((model) => ({ value: model.id, note: `${stripControls(model.name)}, ${formatTokens(model.context)}` }));
    },
    urls: () => {
      const config = readOwn();
      const known = [
        { value: config?.baseUrl, note: 'where Claude Code is set up' },
        { value: ctx.env[BASE_URL], note: "this terminal's" },
        { value: DEFAULT_BASE_URL, note: 'OpenRouter' },
      ];
      const isFirst = (value: string, index: number): boolean => known.findIndex((each) => each.value === value) === index;
      return known.flatMap(({ value, note }, index) =>
        value === undefined || value === '' || !isFirst(value, index) ? [] : [{ value, note }],
      );
    },
    keys: () => Object.entries(readOwn()?.keys ?? {}).map(([value, { baseUrl }]) => ({ value, note: baseUrl })),
    codes: () => TABLE.map(({ code, title }) => ({ value: code, note: title })),
  };
}
