/**
 * Colour roles. Every view takes a Style, so that a view is a pure function
 * from data to text and colour is decided once.
 */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
  /** The width of a line, in cells. */
  readonly width: number;
}

const same = (text: string): string => text;

/** No colour at all: pipes, NO_COLOR, tests. */
export function plainStyle(width = 80): Style {
  return { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same, width };
}

/**
 * The style for one stream. chalk is loaded only where there is colour, since
 * it costs start-up time and scripts never need it.
 */
export async function createStyle(output: { readonly colorLevel: 0 | 1 | 2 | 3; readonly columns: number }): Promise<Style> {
  if (output.colorLevel === 0) return plainStyle(output.columns);
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: output.colorLevel });
  return {
    bold: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
    red: (text) => chalk.red(text),
    green: (text) => chalk.green(text),
    yellow: (text) => chalk.yellow(text),
    cyan: (text) => chalk.cyan(text),
    width: output.columns,
  };
}
