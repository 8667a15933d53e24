import type { Context } from '../core/context.ts';
import { findingOf } from '../diagnose/build.ts';
import type { FindingArgs } from '../diagnose/row.ts';
import type { Evidence } from '../diagnose/evidence.ts';
import type { Finding } from '../core/finding.ts';
import type { RequestShape } from '../claude/request-shape.ts';
import { matchFailure } from '../diagnose/match.ts';
import { clip, stripControls } from '../text/text.ts';
import { type Asked, askModel } from './ask.ts';
import { addUsage, type Answer, NO_USAGE, type ToolUse, type Usage } from './assemble.ts';
import { nextRepairs, type RepairId, type Repairs } from './repair.ts';
import {
  type Block,
  buildRequest,
  firstTurn,
  makeTask,
  PROBE_TOOL,
  type ProbeTask,
  repairShape,
  secondTurn,
  type Turn,
} from './request.ts';
import type { ProbeInput } from './input.ts';

interface TurnsInput extends Pick<ProbeInput, 'endpoint' | 'model' | 'extraBody' | 'quick' | 'signal'> {
  /** What Claude Code sends for this id under the settings in effect. */
  readonly shape: RequestShape;
  /** Milliseconds for each turn. */
  readonly timeoutMs: number;
  /** More for the diagnosis: alias, nearest ids. */
  readonly about: Evidence;
  readonly onTurn: (turn: 1 | 2, what: 'asked' | 'first-token') => void;
}

/** The result of one conversation with a model. */
export interface TurnsOutcome {
  readonly finding?: Finding;
  /** What the finding was made from, for the decision to retry. */
  readonly fault?: Evidence;
  /** Turns that were answered. */
  readonly turns: number;
  readonly toolCall: { readonly made: boolean; readonly correct: boolean };
  readonly thinking: boolean;
  readonly answeredModel?: string;
  readonly provider?: string;
  readonly requestId?: string;
  readonly ttftMs?: number;
  /** Milliseconds of all calls, waits left out. */
  readonly totalMs: number;
  /** Milliseconds during which tokens arrived, over all turns. */
  readonly writingMs: number;
  readonly usage: Usage;
  readonly repairs: readonly RepairId[];
  /** Requests that were refused before the one that was accepted. */
  readonly refused: number;
  /** The answer came whole instead of as a stream; Claude Code asks again without streaming. */
  readonly unstreamed: boolean;
  /** Some answer was cut off, so that its usage is not known. */
  readonly cutOff: boolean;
  readonly cancelled: boolean;
}

type Report = { -readonly [key in keyof TurnsOutcome]: TurnsOutcome[key] };

/** Before anything was asked. */
const NOTHING_YET: TurnsOutcome = {
  turns: 0,
  toolCall: { made: false, correct: false },
  thinking: false,
  totalMs: 0,
  writingMs: 0,
  usage: NO_USAGE,
  repairs: [],
  refused: 0,
  unstreamed: false,
  cutOff: false,
  cancelled: false,
};

/**
 * Holds one conversation in two turns: asks for a tool call, checks it, gives the result and checks the
 * answer. After a 400 it makes the repairs that Claude Code would make, and notes them.
 * Once `signal` is aborted it returns what is known.
 */
export async function runTurns(deps: Pick<Context, 'http' | 'clock' | 'random' | 'version'>, input: TurnsInput): Promise<TurnsOutcome> {
  const task = makeTask(deps.random);
  const report: Report = { ...NOTHING_YET };

  try {
    await converse(deps, input, task, report);
  } catch (error) {
    if (input.signal?.aborted !== true) throw error;
    report.cancelled = true;
  }
  return report;
}

async function converse(
  deps: Pick<Context, 'http' | 'clock' | 'version'>,
  input: TurnsInput,
  task: ProbeTask,
  report: Report,
): Promise<void> {
  const hasSystem = (repairs: Repairs): boolean => repairShape(input.shape, repairs).systemRole;
  const first = await ask(deps, input, report, 1, (repairs) => firstTurn(task, hasSystem(repairs)));
  if (first === undefined) return;
  if (!judgeCall(first.answer, first.cutOff, task, input, report) || input.quick === true) return;

  const callIds = first.answer.toolUses.map((use) => use.id);
  const blocks = (repairs: Repairs): readonly Block[] =>
    repairs.has('thinking-blocks') ? first.answer.blocks.filter((block) => !isThinking(block)) : first.answer.blocks;
  const second = await ask(deps, input, report, 2, (repairs) => secondTurn(task, hasSystem(repairs), blocks(repairs), callIds));
  if (second !== undefined) judgeAnswer(second.answer, second.cutOff, task, input, report);
}

function isThinking(block: Block): boolean {
  return block['type'] === 'thinking' || block['type'] === 'redacted_thinking';
}

/** Runs one turn, repairing the request as often as Claude Code would. Undefined if it failed: the report says why. */
async function ask(
  deps: Pick<Context, 'http' | 'clock' | 'version'>,
  input: TurnsInput,
  report: Report,
  turn: 1 | 2,
  conversation: (repairs: Repairs) => readonly Turn[],
): Promise<{ answer: Answer; cutOff: boolean } | undefined> {
  let repairs: Repairs = new Set(report.repairs);
  for (let refused = 0; ; refused += 1) {
    input.onTurn(turn, 'asked');
    const turns = conversation(repairs);
    const request = buildRequest({ ...input, turns, repairs, version: deps.version });
    const asked = await askModel(deps, input.endpoint, request, {
      timeoutMs: input.timeoutMs,
      signal: input.signal,
      onFirstToken: () => input.onTurn(turn, 'first-token'),
    });
    count(report, asked, turn);
    const { reading, fault } = asked;
    if (fault === undefined && reading !== undefined) {
      report.turns = turn;
      report.repairs = [...repairs];
      report.refused += refused;
      return reading;
    }
    const evidence: Evidence = { ...input.about, ...fault };
    const holdsThinking = turns.some(({ role, content }) => role === 'assistant' && content.some(isThinking));
    const next = nextRepairs(evidence, repairs, { shape: input.shape, holdsThinking });
    if (next !== undefined) {
      repairs = next;
      continue;
    }
    report.fault = evidence;
    const found = judgeFault(evidence, turn, input);
    const tries = `refused ${refused + 1} times, each time with less, as Claude Code would try it`;
    report.finding = refused === 0 ? found : { ...found, evidence: [...found.evidence, tries] };
    return undefined;
  }
}

/** The finding for a fault. The second turn holds only this model's blocks, so refused thinking and silence are the model's own faults. */
function judgeFault(evidence: Evidence, turn: 1 | 2, input: TurnsInput): Finding {
  if (turn === 2 && evidence.stream === 'empty') return finding('STOPS_AFTER_TOOL', input);
  const found = matchFailure(evidence);
  if (turn === 1 || found.code !== 'THINKING_SIGNATURE') return found;
  return { ...finding('THINKING_REFUSED', input), evidence: found.evidence };
}

function count(report: Report, asked: Asked, turn: 1 | 2): void {
  report.totalMs += asked.totalMs;
  if (turn === 1 && asked.ttftMs !== undefined) report.ttftMs = asked.ttftMs;
  if (asked.ttftMs !== undefined) report.writingMs += asked.totalMs - asked.ttftMs;
  if (asked.requestId !== undefined) report.requestId = clip(stripControls(asked.requestId), 100);
  const { reading } = asked;
  if (reading === undefined) return;
  const { answer } = reading;
  report.usage = addUsage(report.usage, answer.usage);
  report.thinking ||= answer.thinking;
  report.cutOff ||= reading.cutOff;
  if (answer.model !== undefined) report.answeredModel = answer.model;
  if (answer.provider !== undefined) report.provider = answer.provider;
  if (reading.fault === undefined && !reading.streamed) report.unstreamed = true;
}

/** Checks the tool call of the first turn; false if it is not the one that was asked for. */
function judgeCall(answer: Answer, cutOff: boolean, task: ProbeTask, input: TurnsInput, report: Report): boolean {
  const call = answer.toolUses[0];
  if (answer.stopReason === 'refusal') {
    report.finding = finding('REFUSAL', input);
  } else if (call === undefined || (cutOff && call.input === undefined)) {
    report.finding = judgeEnd(answer, cutOff, input) ?? finding('TOOL_CALL_MISSING', input, {}, answer.text);
  } else if (call.input === undefined && isCapped(answer)) {
    report.finding = finding('ANSWER_CAPPED', input, { count: answer.usage.outputTokens });
  } else {
    const problem = checkCall(call, task);
    report.toolCall = { made: true, correct: problem === undefined };
    if (problem === undefined) return true;
    report.finding = finding('TOOL_CALL_WRONG', input, { reason: problem });
  }
  return false;
}

/** What is wrong with a tool call; undefined if it is exactly what was asked for. */
function checkCall(call: ToolUse, task: ProbeTask): string | undefined {
  if (call.name !== PROBE_TOOL) return `it called \`${clip(stripControls(call.name), 60)}\` instead of \`${PROBE_TOOL}\``;
  if (call.id === '') return "the call has no id, so its result can't be returned";
  const { input } = call;
  if (input === undefined) return 'its arguments are not JSON';
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return 'its arguments are not an object';
  const wrong = Object.entries(task.call).filter(([name, value]) => JSON.stringify(Reflect.get(input, name)) !== JSON.stringify(value));
  if (wrong.length > 0) return `it changed ${wrong.map(([name]) => `\`${name}\``).join(', ')}`;
  const extra = Object.keys(input).filter((name) => !Object.hasOwn(task.call, name));
  return extra.length > 0 ? 'it added arguments that the tool does not have' : undefined;
}

function judgeAnswer(answer: Answer, cutOff: boolean, task: ProbeTask, input: TurnsInput, report: Report): void {
  if (answer.text.toLowerCase().includes(task.answer)) return;
  if (answer.stopReason === 'refusal') {
    report.finding = finding('REFUSAL', input);
  } else {
    report.finding = judgeEnd(answer, cutOff, input) ?? judgeSilence(answer, input);
  }
}

function judgeSilence(answer: Answer, input: TurnsInput): Finding {
  if (answer.text.trim() === '' && answer.toolUses.length === 0) return finding('STOPS_AFTER_TOOL', input);
  return finding('TOOL_RESULT_LOST', input, {}, answer.text);
}

/** Whether the provider ended the answer at a length limit. Claude Code continues from there. */
function isCapped(answer: Answer): boolean {
  return answer.stopReason === 'max_tokens' || answer.stopReason === 'model_context_window_exceeded';
}

/** Why an answer ended too early, if that says more than what is missing in it; undefined otherwise. */
function judgeEnd(answer: Answer, cutOff: boolean, input: TurnsInput): Finding | undefined {
  if (cutOff) return finding('ANSWER_TOO_LONG', input);
  return isCapped(answer) ? finding('ANSWER_CAPPED', input, { count: answer.usage.outputTokens }) : undefined;
}

function finding(code: Parameters<typeof findingOf>[0], input: TurnsInput, more: FindingArgs = {}, said = ''): Finding {
  const words = clip(stripControls(said).trim(), 120);
  return findingOf(
    code,
    { model: input.model, alias: input.about.alias, maxTokens: input.shape.maxTokens, ...more },
    words === '' ? [] : [`it answered: ${words}`],
    input.about.alias ?? input.model,
  );
}
