// The Agent SDK on OpenRouter's models: it starts Claude Code, which takes the variables of `env`. They come from
// `orcc env --shell dotenv --with-key > claude.env`; run this with `node --env-file=claude.env agent.mjs`.
import { query } from '@anthropic-ai/claude-agent-sdk';

const [prompt = 'Say hello', claude] = process.argv.slice(2);
const session = query({
  prompt,
  options: {
    env: process.env,
    // No settings file has a say: the variables are all that counts, also on a machine where orcc wrote user settings.
    settingSources: [],
    ...(claude === undefined ? {} : { pathToClaudeCodeExecutable: claude }),
  },
});
for await (const message of session) {
  if (message.type === 'result') console.log(message.subtype === 'success' ? message.result : message.subtype);
}
