#!/bin/sh
# tell.sh WHAT REPORT: opens an issue "WHAT no longer fits" with the report, or comments on the one that is open.
set -eu
title="$1 no longer fits"
body=$2
[ -f "$body" ] || { body=$(mktemp) && echo 'The job ended before it had a report: see its log.' > "$body"; }
number=$(gh issue list --state open --search "in:title \"$title\"" --json number --jq '.[0].number // empty')
if [ -n "$number" ]; then
  gh issue comment "$number" --body-file "$body"
else
  gh issue create --title "$title" --body-file "$body"
fi
