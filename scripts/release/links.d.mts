/** The links of a Markdown page of the repository that lead nowhere: a line for each. */
export function brokenLinks(root: string, file: string): string[];
