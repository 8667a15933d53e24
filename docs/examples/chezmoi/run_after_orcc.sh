#!/bin/sh
# chezmoi runs this after each `chezmoi apply`. The mapping stands in ~/.config/models/orcc.json, which chezmoi keeps; the key
# comes from a password manager, so that no file that chezmoi keeps holds it.
set -eu
cd "${ORCC_MAPPING:-$HOME/.config/models}"
orcc check --json --offline >/dev/null 2>&1 && exit 0
orcc init --yes --target user --no-auto-mode --no-test --key-storage "command:${ORCC_KEY_COMMAND:-op read op://Private/OpenRouter/credential}" \
  --base-url "${OPENROUTER_BASE_URL:-https://openrouter.ai/api}"
orcc check --offline
