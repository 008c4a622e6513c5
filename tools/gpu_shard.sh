#!/bin/sh
# One runner's share of one framework: executes its notebooks, then has nbval execute
# every cell of those once more and compare. The variables of the run are the caller's.
# Without names of chapters, in one text, all of them are shared out.
#
#     tools/gpu_shard.sh FRAMEWORK i/n CACHE [CHAPTERS]
set -eu

python=.venv/bin/python
# shellcheck disable=SC2086  # names of chapters and notebooks have no spaces
tools/with_cuda.sh $python -m framework_tabs execute ${4:-} \
    --framework "$1" --shard "$2" --cache "$3"

changed=$(git diff --name-only --diff-filter=AM HEAD -- notebooks)
if [ -z "$changed" ]; then
    echo "Bu payda yeni çalıştırılan defter yok."
    exit 0
fi
# shellcheck disable=SC2086
exec tools/with_cuda.sh $python -m pytest --junitxml=_build/nbval.xml $changed
