/** The broken links of a Markdown page of the repository: a line for each. */
export function brokenLinks(root: string, file: string): string[];
