#!/bin/sh
# Makes sure that the browser tests find a Chromium, and says how to get one where it
# cannot. It always succeeds: whether a missing browser is a failure is the tests' word.
#
#     tools/chromium.sh PYTHON        PYTHON: an interpreter that has Playwright

python=$1

if command -v chromium || command -v chromium-browser; then
    exit 0
fi >/dev/null

if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
if command -v apt-get >/dev/null && $as_root true 2>/dev/null; then
    echo "Tarayıcı testleri için Chromium kuruluyor (apt) ..."
    $as_root apt-get update -qq &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq chromium >/dev/null
    command -v chromium >/dev/null && exit 0
fi

echo "Tarayıcı testleri için Chromium indiriliyor (Playwright) ..."
"$python" -m playwright install chromium >/dev/null 2>&1 && exit 0

echo "Chromium kurulamadı; tarayıcı testleri çalışmayacak." \
    "Kurun: sudo apt install chromium ya da $python -m playwright install chromium" >&2
