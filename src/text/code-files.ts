/** Words that people, prompts, scripts and the Tab key start orcc with over and over: for these compiled code is kept. */
const OFTEN = ['--help', '__complete', 'doctor', 'env', 'help', 'models', 'status', 'switch', 'usage'];

/** Where the compiled code for a first word lies below orcc's own folder; undefined where none is kept. */
export function codeFile(word: string | undefined): string | undefined {
  return word !== undefined && OFTEN.includes(word) ? `cache/code-${word.replace(/\W|_/g, '')}.bin` : undefined;
}

/** All of them, which `remove` deletes. */
export const CODE_FILES: readonly string[] = [...new Set(OFTEN.flatMap((word) => codeFile(word) ?? []))];
