#!/bin/bash
# sextant-canary c8b82ddd-6346-4fae-bf3e-9e8f6d4940cc
# Compiles the handed-in code as an untrusted program, runs it on every hidden
# case, and compares what it prints with the answer kept on this side.
set -u
tests=${SEXTANT_TESTS_DIR:-/tests}; logs=${SEXTANT_LOGS_DIR:-/logs/verifier}
app=${SEXTANT_APP_DIR:-/app}; untrusted=${SEXTANT_UNTRUSTED:-}

broken() { echo "grader failure: $1" >&2; exit 3; }           # leaves no reward
finish() { echo "$2"; echo "$1" > "$logs/reward.txt" || exit 3; exit 0; }

mkdir -p "$logs" || broken "cannot create $logs"
build=$(mktemp -d) && chmod 0777 "$build" || broken "no directory to build in"
trap 'rm -rf "$build"' EXIT

source_file="$app/intern.c"
# A link could make the compiler read a file of the grader's.
if [ ! -f "$source_file" ] || [ -L "$source_file" ]; then finish 0 "no intern.c was handed in"; fi

compile() { timeout -k 1 60 $untrusted cc -std=c11 -O1 -Wall -I "$app" -o "$build/$1" "${@:2}" </dev/null 2>&1 | head -c 4000; return "${PIPESTATUS[0]}"; }
if ! compile program "$app/driver.c" "$source_file"; then
    # Only a compiler that can build a trivial program may blame the answer.
    echo 'int main(void) { return 0; }' > "$build/trivial.c"
    compile trivial "$build/trivial.c" || broken "the compiler does not work in the sandbox"
    finish 0 "does not compile"
fi

failed=0 total=0
for input in "$tests"/cases/*.in; do
    name=${input##*/} name=${name%.in} expected=${input%.in}.out
    [ -r "$input" ] && [ -r "$expected" ] || broken "case $name is incomplete"
    bytes=$(stat -c %s "$expected") || broken "case $name has no size"
    total=$((total + 1))
    # One byte more than expected is enough to tell that there is too much.
    timeout -k 1 3 $untrusted "$build/program" < "$input" 2>/dev/null | head -c $((bytes + 1)) > "$logs/actual"
    status=${PIPESTATUS[0]}
    if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then finish 0 "case $name: out of time"; fi
    if ! cmp -s "$logs/actual" "$expected"; then
        failed=$((failed + 1)); echo "case $name: wrong output"
    elif [ "$status" -ne 0 ]; then
        failed=$((failed + 1)); echo "case $name: exit status $status"
    fi
    if [ "$failed" -ge 10 ]; then finish 0 "$failed of the first $total cases fail"; fi
done
rm -f "$logs/actual"
[ "$total" -gt 0 ] || broken "no cases"
if [ "$failed" -eq 0 ]; then finish 1 "all $total cases pass"; fi
finish 0 "$failed of $total cases fail"
