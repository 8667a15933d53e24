import type { Condition } from './shell-scan.ts';

/** A simple command of a POSIX shell file, as far as can be told without running it. Offsets count from 0. */
export interface Command {
  readonly start: number;
  readonly end: number;
  /** Raw, quotes included; redirections left out. */
  readonly words: readonly string[];
  /** 0 outside every `if`, `case`, loop, group, subshell and function. */
  readonly depth: number;
  /** Inside a function's body: runs when called, if ever. */
  readonly inFunction: boolean;
  /** The names of the outermost function that it is in (zsh: `function f g`); none outside functions that have one. */
  readonly functionNames: readonly string[];
  /** In `( … )`, in the background, or in a pipeline but not its last part, which zsh runs itself: what it sets ends there. */
  readonly inSubshell: boolean;
  /** True if it runs only depending on a command before it (`&&`, `||`), in a pipe or in the background. */
  readonly chained: boolean;
  /** What has to hold for it to run, outermost first. A group or a function by itself is not a condition. */
  readonly conditions: readonly Condition[];
  /** The words that the loops around it iterate over, by the name of their variable. */
  readonly loops: ReadonlyMap<string, readonly string[]>;
  /** Where the outermost statement that it belongs to starts. */
  readonly statement: number;
}

/** Whether a separator joins the commands around it to one list. */
export function isJoint(separator: string): boolean {
  return separator === '&&' || separator === '||' || isPipe(separator);
}

/** Whether what is before a separator runs in a process of its own: in the background, or in a pipeline but not as its last part. */
export function runsAside(separator: string): boolean {
  return isPipe(separator) || separator === '&' || separator === '&|';
}

function isPipe(separator: string): boolean {
  return separator === '|' || separator === '|&';
}

/** Where the part of a pipeline and the list start that are being read, as indexes of commands. */
export interface Part {
  readonly start: number;
  readonly listStart: number;
  /** It runs aside whatever comes after it (`coproc`). */
  readonly isAside: boolean;
}

const FIRST: Part = { start: 0, listStart: 0, isAside: false };

/** The commands that were read, held back until the end of the outermost statement: only the end of a group tells whether it runs aside. */
export class Pipelines {
  private readonly commands: Command[] = [];
  private part = FIRST;

  add(command: Command): void {
    this.commands.push(command);
  }

  /** Says that the part being read runs aside. */
  setAside(): void {
    this.part = { ...this.part, isAside: true };
  }

  /** Starts the first part inside a group, and gives the one that the group is in. */
  enter(): Part {
    const around = this.part;
    this.part = { start: this.commands.length, listStart: this.commands.length, isAside: false };
    return around;
  }

  /** Goes on with the part that a group is in. */
  leave(around: Part): void {
    this.part = around;
  }

  /** Ends the part, which the separator may show to run aside. */
  end(separator: string): void {
    const { start, listStart, isAside } = this.part;
    if (isAside || runsAside(separator)) this.closeOff(isPipe(separator) || isAside ? start : listStart);
    const next = this.commands.length;
    this.part = { start: next, listStart: isJoint(separator) ? listStart : next, isAside: false };
  }

  /** Gives out all commands, once the outermost statement has ended. */
  take(): readonly Command[] {
    this.part = FIRST;
    return this.commands.splice(0);
  }

  private closeOff(from: number): void {
    for (let index = from; index < this.commands.length; index++) {
      const command = this.commands[index];
      if (command !== undefined) this.commands[index] = { ...command, inSubshell: true };
    }
  }
}
