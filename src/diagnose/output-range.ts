/** A range of output tokens, in whatever language: "max_tokens … [1, 8192]", "maxOutputTokens … from 1 (inclusive) to 65537". Its end is the only group. */
export const OUTPUT_RANGE = /max_?(?:completion_?|output_?)?tokens\b[^\n]{0,90}?(?<![\d.])[01]\D{1,20}(\d{3,7})\b/i;
