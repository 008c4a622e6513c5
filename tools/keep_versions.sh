#!/bin/sh
# Adds the site to the archives on the branch "yayin" and lays out all that is served.
# The branch is written anew as one commit, so that old archives do not stay in its past.
# Needs git; to push, gh and GH_TOKEN.
#
#     tools/keep_versions.sh SITE OUTPUT
set -eu

name=$(git describe --tags --exact-match 2>/dev/null || git rev-parse --short=12 HEAD)
date=$(git show --no-patch --format=%cs HEAD)
store=$(mktemp -d)

[ -z "${GH_TOKEN:-}" ] || gh auth setup-git
if git fetch --quiet --depth=1 origin yayin; then
    git archive FETCH_HEAD | tar -x -C "$store"
fi
python3 tools/publish.py "$1" "$store" "$2" "$name" "$date"

git init --quiet --initial-branch=yayin "$store"
git -C "$store" add --all
git -C "$store" -c user.name="github-actions[bot]" \
    -c user.email="41898282+github-actions[bot]@users.noreply.github.com" \
    commit --quiet --message "Keep the site's versions up to $name"
git -C "$store" push --quiet --force "$(git remote get-url origin)" yayin
