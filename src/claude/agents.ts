import { pathsOf } from '../core/paths-of.ts';
import * as z from 'zod/mini';
import { later } from '../core/later.ts';
import type { Context } from '../core/context.ts';
import { kindAt, listFolder, readQuietly } from '../core/look.ts';
import type { EffectiveMapping } from './layers.ts';
import { stripControls } from '../text/text.ts';
import { claudePaths } from './paths.ts';
import { resolveModel } from './resolve-model.ts';
import { tryJson } from '../text/json.ts';

/** A subagent as defined by its file or by JSON. */
export interface AgentSource {
  readonly name: string;
  readonly scope: 'project' | 'user' | 'json';
  /** Absent for agents given as JSON. */
  readonly file?: string;
  /** The value of its `model`; absent if it has none. */
  readonly asked?: string;
}

interface Agent extends AgentSource {
  /** The model that it would ask the gateway for under the mapping. */
  readonly model: string;
  /** How that model was chosen: by an alias, a full id, the subagent slot, or the session's own model. */
  readonly through: 'alias' | 'id' | 'slot' | 'session';
}

/** The most agents to read: a folder with more is not meant for agents. */
const MOST = 500;
const LARGEST = 1024 * 1024;

type Slice = Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd'>;

/**
 * The agents in `.claude/agents`: first in this folder, then in those above it up to the top of the git work tree, then the user's.
 * The first agent of a name wins; one without a name or a description is ignored (measured on 2.1.212 and 2.1.330). Never throws.
 */
export function readAgents(ctx: Slice): readonly AgentSource[] {
  const user = claudePaths(ctx).agents;
  const found = new Map<string, AgentSource>();
  const folders = projectFolders(ctx).filter((folder) => folder !== user);
  for (const folder of [...folders, user]) {
    for (const file of listMarkdown(ctx, folder, 0)) {
      const agent = readAgent(ctx, folder === user ? 'user' : 'project', file);
      if (agent !== undefined && !found.has(agent.name) && found.size < MOST) found.set(agent.name, agent);
    }
  }
  return [...found.values()];
}

function projectFolders(ctx: Slice): readonly string[] {
  const { dirname, join } = pathsOf(ctx.platform);
  const folders: string[] = [];
  for (let folder = ctx.cwd; ; folder = dirname(folder)) {
    folders.push(join(folder, '.claude', 'agents'));
    if (dirname(folder) === folder || kindAt(ctx.fs, join(folder, '.git')) !== undefined) return folders;
  }
}

const agentsJson = later(() => {
  const text = z.optional(z.string());
  return z.record(z.string(), z.looseObject({ description: text, prompt: text, model: text }));
});

/** Agents given as JSON, and the flaws for which Claude Code would refuse to start. */
export interface GivenAgents {
  readonly agents: readonly AgentSource[];
  /** One text for each flaw: `reviewer has no \`prompt\``. */
  readonly flaws: readonly string[];
}

/**
 * Parses agents in the form of `claude --agents JSON` (name to description, prompt, model, tools). If an agent lacks a description or a
 * prompt, 2.1.330 refuses to start and 2.1.212 ignores all agents (measured). Undefined if the text is not in that form.
 */
export function parseAgentsJson(json: string): GivenAgents | undefined {
  const parsed = agentsJson.safeParse(tryJson(json));
  if (!parsed.success) return undefined;
  const all = Object.entries(parsed.data).map(([name, each]) => ({ ...each, name: stripControls(name) }));
  return {
    agents: all.map(({ name, model }) => ({ name, scope: 'json', ...asked(model) })),
    flaws: all.flatMap((each) =>
      (['description', 'prompt'] as const).flatMap((part) => (each[part] === undefined ? [`${each.name} has no \`${part}\``] : [])),
    ),
  };
}

/**
 * The model that each agent would use under a mapping (measured on 2.1.330): its own alias or id; if it
 * has none, the subagent slot, else the session's model. `force` (CLAUDE_CODE_SUBAGENT_MODEL_FORCE) applies the slot to all.
 */
export function resolveAgents(
  agents: readonly AgentSource[],
  mapping: EffectiveMapping,
  options: { readonly force: boolean },
): readonly Agent[] {
  const models = new Map(mapping.aliases.map(({ alias, model }) => [alias, model]));
  const slot = models.get('subagent');
  return agents.map((agent) => {
    const named = agent.asked === undefined || agent.asked.toLowerCase() === 'inherit' ? undefined : agent.asked;
    if (slot !== undefined && (options.force || agent.asked === undefined)) return { ...agent, model: slot, through: 'slot' };
    if (named === undefined) return { ...agent, model: mapping.default.model, through: 'session' };
    const { alias, model } = resolveModel(named, () => undefined);
    const mapped = alias === undefined ? undefined : models.get(alias);
    return { ...agent, model: mapped ?? model, through: alias === undefined ? 'id' : 'alias' };
  });
}

function listMarkdown(ctx: Pick<Context, 'fs' | 'platform'>, folder: string, depth: number): readonly string[] {
  const { join } = pathsOf(ctx.platform);
  return listFolder(ctx.fs, folder)
    .slice(0, MOST)
    .flatMap((name) => {
      const path = join(folder, name);
      if (name.endsWith('.md')) return [path];
      return depth < 3 && kindAt(ctx.fs, path) === 'directory' ? listMarkdown(ctx, path, depth + 1) : [];
    });
}

function readAgent(ctx: Pick<Context, 'fs'>, scope: 'project' | 'user', file: string): AgentSource | undefined {
  const content = new TextDecoder().decode(readQuietly(ctx.fs, file, LARGEST));
  const head = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(content)?.[1];
  if (head === undefined) return undefined;
  const name = member(head, 'name');
  if (name === undefined || !/^description:/m.test(head)) return undefined;
  return { name, scope, file, ...asked(member(head, 'model')) };
}

/** A plain member of the front matter, without quotes or a comment after it; undefined if missing or empty. */
function member(head: string, name: string): string | undefined {
  const value = new RegExp(`^${name}:[ \\t]*(?:"([^"]*)"|'([^']*)'|([^#\\r\\n]*))`, 'm').exec(head);
  const found = stripControls(value?.[1] ?? value?.[2] ?? value?.[3] ?? '').trim();
  return found === '' ? undefined : found;
}

function asked(model: string | undefined): { asked?: string } {
  return model === undefined || model.trim() === '' ? {} : { asked: stripControls(model).trim() };
}
