#!/bin/sh
# Runs a command where MXNet finds the CUDA libraries that pip installed beside it:
# unlike the two other frameworks it does not look there by itself.
#
#     tools/with_cuda.sh .venv/bin/python -m framework_tabs execute --framework mxnet

root=$(cd "$(dirname "$0")/.." && pwd)
for folder in "$root"/.venv/lib/python*/site-packages/nvidia/*/lib; do
    [ -d "$folder" ] && LD_LIBRARY_PATH="$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
done
export LD_LIBRARY_PATH
exec "$@"
