#!/bin/sh
# Opens a pull request with what has changed in a folder, or renews the one that is open.
# Nothing changed: nothing happens. Needs git, gh and GH_TOKEN.
#
#     tools/propose.sh BRANCH TITLE TEXT FOLDER...
set -eu

branch=$1 title=$2 text=$3
shift 3

git add -- "$@"
if git diff --cached --quiet; then
    echo "Değişen bir şey yok; öneri açılmadı."
    exit 0
fi
git switch --create "$branch"
git -c user.name="github-actions[bot]" \
    -c user.email="41898282+github-actions[bot]@users.noreply.github.com" \
    commit --quiet --message "$title"
gh auth setup-git
git push --force origin "$branch"
if [ -z "$(gh pr list --head "$branch" --state open --json number --jq '.[].number')" ]
then
    gh pr create --head "$branch" --title "$title" --body "$text"
fi
