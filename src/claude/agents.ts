import * as z from 'zod/mini';
import type { Context } from '../context.ts';
import type { EffectiveMapping } from '../observe/effective.ts';
import { stripControls } from '../report/text.ts';
import { claudePaths, pathsOf } from './paths.ts';
import { resolveModel } from './resolve-model.ts';

/** A subagent as its file or JSON names it. */
export interface AgentSource {
  readonly name: string;
  readonly scope: 'project' | 'user' | 'json';
  /** Absent for agents given as JSON. */
  readonly file?: string;
  /** What its `model` says; absent where it says nothing. */
  readonly asked?: string;
}

export interface Agent extends AgentSource {
  /** What it would ask the gateway for under the mapping. */
  readonly model: string;
  /** How it comes to that: an alias, a full id, the subagent slot, or the session's own model. */
  readonly through: 'alias' | 'id' | 'slot' | 'session';
}

/** Agents beyond this are left out: a folder with more is not one of agents. */
const MOST = 500;
const LARGEST = 1024 * 1024;

/** The agents in `.claude/agents`, the folder's own before the user's of the same name. Never throws. */
export function readAgents(ctx: Pick<Context, 'fs' | 'env' | 'home' | 'platform' | 'cwd'>): readonly AgentSource[] {
  const { agents } = claudePaths(ctx);
  const found = new Map<string, AgentSource>();
  const places = agents.project === agents.user ? (['user'] as const) : (['project', 'user'] as const);
  for (const scope of places) {
    for (const file of listMarkdown(ctx, agents[scope], 0)) {
      const agent = readAgent(ctx, scope, file);
      if (agent !== undefined && !found.has(agent.name) && found.size < MOST) found.set(agent.name, agent);
    }
  }
  return [...found.values()];
}

const agentsJson = z.record(z.string(), z.looseObject({ model: z.optional(z.string()) }));

/** Agents in the form of `claude --agents JSON` (name to description, model, tools). Undefined where the text is not that. */
export function parseAgentsJson(text: string): readonly AgentSource[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = agentsJson.safeParse(value);
  if (!parsed.success) return undefined;
  return Object.entries(parsed.data).map(([name, { model }]) => ({ name: stripControls(name), scope: 'json', ...asked(model) }));
}

/**
 * The model each agent would use under a mapping (measured on 2.1.330): its alias or id; without
 * one the subagent slot, else the session's model; with CLAUDE_CODE_SUBAGENT_MODEL_FORCE the slot for all.
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
  let names: readonly string[];
  try {
    names = ctx.fs.readdir(folder).sort().slice(0, MOST);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    if (name.endsWith('.md')) return [join(folder, name)];
    return depth < 3 && !name.startsWith('.') && !name.includes('.') ? listMarkdown(ctx, join(folder, name), depth + 1) : [];
  });
}

function readAgent(ctx: Pick<Context, 'fs' | 'platform'>, scope: 'project' | 'user', file: string): AgentSource | undefined {
  let text: string;
  try {
    const stat = ctx.fs.stat(file);
    if (stat?.kind !== 'file' || stat.size > LARGEST) return undefined;
    text = new TextDecoder().decode(ctx.fs.readFile(file));
  } catch {
    return undefined;
  }
  const head = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text)?.[1];
  if (head === undefined) return undefined;
  const name = member(head, 'name') ?? pathsOf(ctx.platform).basename(file, '.md');
  return { name, scope, file, ...asked(member(head, 'model')) };
}

/** One plain member of a front matter; a comment after the value and quotes around it are left out. */
function member(head: string, name: string): string | undefined {
  const value = new RegExp(`^${name}:[ \\t]*(?:"([^"]*)"|'([^']*)'|([^#\\r\\n]*))`, 'm').exec(head);
  const found = stripControls(value?.[1] ?? value?.[2] ?? value?.[3] ?? '').trim();
  return found === '' ? undefined : found;
}

function asked(model: string | undefined): { asked?: string } {
  return model === undefined || model.trim() === '' ? {} : { asked: stripControls(model).trim() };
}
