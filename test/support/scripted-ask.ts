import type { Ask, Choice, Listed } from '../../src/core/context.ts';
import { Cancelled } from '../../src/core/errors.ts';

/** Takes what the question offers by itself: the ticked boxes, the marked choice, the default of yes or no. */
export const DEFAULT = Symbol('default');
/** Ctrl-C at this question. */
export const CTRL_C = Symbol('Ctrl-C');

/** The next answer: for which question, and what. */
export interface Answer {
  /** Must be found in the question. */
  readonly to: RegExp;
  /** A choice's value, the values to tick, true or false, the text to type; `[term, value]` for a search. */
  readonly give: unknown;
}

/** One question as it was asked. */
export interface Question {
  readonly kind: 'select' | 'checkbox' | 'confirm' | 'input' | 'password' | 'search';
  readonly message: string;
  readonly choices: readonly Choice<unknown>[];
  /** The marked choice, the ticked values, the default. */
  readonly preset: unknown;
}

export interface ScriptedAsk {
  readonly ask: Ask;
  readonly questions: readonly Question[];
  /** Throws where an answer was never asked for. */
  finish(): void;
}

/** Answers questions in their order. A question without an answer, or another one than expected, throws. */
export function scriptAnswers(answers: readonly Answer[]): ScriptedAsk {
  const left = [...answers];
  const questions: Question[] = [];
  const next = (question: Question): unknown => {
    questions.push(question);
    const answer = left.shift();
    if (answer === undefined) throw new Error(`unexpected question: ${question.message}`);
    if (!answer.to.test(question.message)) throw new Error(`expected a question about ${String(answer.to)}, got: ${question.message}`);
    if (answer.give === CTRL_C) throw new Cancelled();
    return answer.give;
  };
  const chosen = <T>(list: readonly Listed<T>[]): Choice<T>[] => list.flatMap((each) => ('heading' in each ? [] : [each]));
  const pick = <T>(choices: readonly Choice<T>[], value: unknown): T => {
    const found = choices.find((choice) => choice.value === value);
    if (found === undefined)
      throw new Error(`no such choice: ${String(value)} among ${choices.map((choice) => String(choice.value)).join(', ')}`);
    if (found.disabled !== undefined && found.disabled !== false) throw new Error(`not to be chosen: ${String(value)} ${found.disabled}`);
    return found.value;
  };
  const typed = (given: unknown, validate?: (text: string) => string | true): string => {
    const text = String(given);
    const verdict = validate?.(text) ?? true;
    if (verdict !== true) throw new Error(`not accepted: ${verdict}`);
    return text;
  };
  return {
    questions,
    finish: () => {
      if (left.length > 0) throw new Error(`never asked: ${left.map((answer) => String(answer.to)).join(', ')}`);
    },
    ask: {
      select: async (message, list, initial) => {
        const choices = chosen(list);
        const given = next({ kind: 'select', message, choices, preset: initial });
        return pick(choices, given === DEFAULT ? (initial ?? choices[0]?.value) : given);
      },
      checkbox: async (message, choices) => {
        const ticked = choices.filter((choice) => choice.checked === true).map((choice) => choice.value);
        const given = next({ kind: 'checkbox', message, choices, preset: ticked });
        if (given === DEFAULT) return ticked;
        if (!Array.isArray(given)) throw new Error('a list of values is wanted');
        return given.map((value: unknown) => pick(choices, value));
      },
      confirm: async (message, initial) => {
        const given = next({ kind: 'confirm', message, choices: [], preset: initial });
        return given === DEFAULT ? initial : given === true;
      },
      input: async (message, initial, validate) => {
        const given = next({ kind: 'input', message, choices: [], preset: initial });
        return typed(given === DEFAULT ? initial : given, validate);
      },
      password: async (message, validate, whenEmpty) => {
        const given = next({ kind: 'password', message, choices: [], preset: undefined });
        return given === '' && whenEmpty !== undefined ? '' : typed(given, validate);
      },
      search: async (message, source) => {
        const all = chosen(source(''));
        const given = next({ kind: 'search', message, choices: all, preset: all[0]?.value });
        if (given === DEFAULT) return pick(all, all[0]?.value);
        const [term, value]: readonly unknown[] = Array.isArray(given) ? given : ['', given];
        return pick(chosen(source(String(term))), value);
      },
    },
  };
}
