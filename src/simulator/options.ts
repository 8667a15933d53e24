import type { BuiltinModel } from '../openrouter/builtin.ts';
import type { MessageShape } from './events.ts';
import type { FaultSpec } from './fault-spec.ts';

/** One request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed if it is JSON, else the text; undefined without a body. */
  readonly body: unknown;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Undefined until it is decided; 0 if a stream fault decides. */
  status: number | undefined;
  /** The fault that applied to it. */
  fault: string | undefined;
  /** Where a `/messages` body violates the API's description. */
  problem: string | undefined;
}

/** How a simulator is started. */
export interface SimulatorOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly faults?: readonly FaultSpec[];
  /** The catalog; the built-in list unless given. */
  readonly models?: readonly BuiltinModel[];
  /** Milliseconds before the first content of every answer of a model. */
  readonly delayMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** false keeps no requests, for a simulator that runs for a long time. */
  readonly requestLog?: boolean;
  /** Called once a request has been answered, or its answer has begun. */
  readonly onRequest?: (request: RecordedRequest) => void;
  /** Error bodies on `/messages`: the Anthropic envelope (default) or OpenRouter's own. */
  readonly errorShape?: 'anthropic' | 'plain';
  /** Answers of `/messages`: every member of the description (default), or without nulls as on the wire. */
  readonly messageShape?: MessageShape;
  /** The login page redirects to its callback at once instead of showing a button. */
  readonly autoApprove?: boolean;
  /** Accepts what OpenRouter refuses because of the model (see `strict.ts`), and answers under the short id. */
  readonly lenient?: boolean;
}

/** The same with its defaults, for what answers behind the port. */
export type SiteOptions = Required<Omit<SimulatorOptions, 'port' | 'onRequest'>> &
  Pick<SimulatorOptions, 'onRequest'> & { readonly closing: AbortSignal };
