import { resolve } from 'node:path';
import { parseAgentsJson, type GivenAgents } from '../../claude/agents.ts';
import type { Context } from '../../core/context.ts';
import { OrccError } from '../../core/errors.ts';
import { clip, stripControls } from '../../text/text.ts';
import { readQuietly } from '../../core/look.ts';

const LARGEST = 1024 * 1024;

/**
 * The agents of `--agents`: JSON or the path of a JSON file, as `claude --agents` takes them. Throws exit 2 for anything else.
 * `problem` says why Claude Code would refuse them; undefined if it would not.
 */
export function readGivenAgents(
  ctx: Pick<Context, 'fs' | 'cwd'>,
  given: string,
): { readonly agents: GivenAgents['agents']; readonly problem: string | undefined } {
  const isJson = given.trimStart().startsWith('{');
  const shown = clip(stripControls(given), 60);
  const parsed = parseAgentsJson(isJson ? given : readText(ctx, resolve(ctx.cwd, given), shown));
  if (parsed === undefined) {
    throw new OrccError('usage', `--agents: ${isJson ? 'this' : `\`${shown}\``} is not valid JSON for agents`, {
      hint: 'The expected form is {"reviewer": {"description": "...", "prompt": "...", "model": "opus"}}',
    });
  }
  const { agents, flaws } = parsed;
  return { agents, problem: flaws.length === 0 ? undefined : `--agents: ${flaws.join(', ')}; Claude Code refuses such agents` };
}

function readText({ fs }: Pick<Context, 'fs'>, file: string, shown: string): string {
  const bytes = readQuietly(fs, file, LARGEST);
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  throw new OrccError('usage', `--agents: there is no file \`${shown}\` that can be read`, {
    hint: 'Pass JSON, or the path of a JSON file',
  });
}
