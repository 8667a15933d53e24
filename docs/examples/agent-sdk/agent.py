# The Agent SDK on OpenRouter's models: it starts Claude Code, which takes the variables of `env`. They come from
# `orcc env --shell bash`; run this with `eval "$(orcc env)" && python agent.py`.
import asyncio
import os
import sys

from claude_agent_sdk import ClaudeAgentOptions, ResultMessage, query


async def main() -> None:
    prompt = sys.argv[1] if len(sys.argv) > 1 else "Say hello"
    # No settings file has a say: the variables are all that counts, also on a machine where orcc wrote user settings.
    options = ClaudeAgentOptions(env=dict(os.environ), setting_sources=[], cli_path=sys.argv[2] if len(sys.argv) > 2 else None)
    async for message in query(prompt=prompt, options=options):
        if isinstance(message, ResultMessage):
            print(message.result if message.subtype == "success" else message.subtype)


asyncio.run(main())
