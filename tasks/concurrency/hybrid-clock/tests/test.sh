#!/usr/bin/env bash
# sextant-canary 853623e2-1896-46a9-9d62-9660dbf4d7a7
# Grades the answer in the application folder; see grade.py.
set -u
tests=${SEXTANT_TESTS_DIR:-/tests}
logs=${SEXTANT_LOGS_DIR:-/logs/verifier}
app=${SEXTANT_APP_DIR:-/app}
untrusted=${SEXTANT_UNTRUSTED:-}
mkdir -p "$logs"
export SEXTANT_TESTS_DIR="$tests" SEXTANT_LOGS_DIR="$logs" SEXTANT_APP_DIR="$app" SEXTANT_UNTRUSTED="$untrusted"

# The handed-in code cannot see the tests, so what drives it is put elsewhere.
work=$(mktemp -d /tmp/grade.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
for file in driver.py coop.py; do
    if [ -f "$tests/$file" ]; then
        cp "$tests/$file" "$work/$file" || exit 1
    fi
done
python3 -I -B "$tests/grade.py" "$work"
