import { Option, type Command } from 'commander';
import type { Context } from '../core/context.ts';
import type { Outcome } from '../core/outcome.ts';

/** A command module: loaded only when its command is asked for. */
export type Loader = () => Promise<(ctx: Context, input: unknown) => Promise<Outcome>>;

/** Registers what a command does; its flags and the arguments of these names become one plain input object for its schema. */
export type Register = (command: Command, load: Loader, argumentNames?: readonly string[]) => Command;

/** Flags that many commands share, made anew for each. */
export const shared = {
  json: (): Option => new Option('--json', 'print one JSON document and ask nothing'),
  yes: (): Option => new Option('-y, --yes', 'ask nothing and go on'),
  dryRun: (): Option => new Option('--dry-run', 'show what would change, change nothing'),
};
