#!/bin/sh
# Keeps one issue about a repeated run: opened or renewed when the run failed, closed when
# it passed again. Needs gh and GH_TOKEN.
#
#     tools/tell.sh success|failure TITLE REPORT.md
set -eu

outcome=$1 title=$2 report=$3
number=$(gh issue list --state open --search "in:title \"$title\"" \
    --json number,title --jq ".[] | select(.title == \"$title\") | .number" | head -n 1)

if [ "$outcome" = success ]; then
    [ -z "$number" ] || gh issue close "$number" --comment "Yeniden geçiyor."
elif [ -n "$number" ]; then
    gh issue edit "$number" --body-file "$report"
else
    gh issue create --title "$title" --body-file "$report"
fi
