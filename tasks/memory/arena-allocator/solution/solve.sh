#!/bin/bash
# sextant-canary e1780806-c194-4b3a-9c36-53da49bd27da
# Hands in the reference answer.
set -eu
cp "$(dirname "$0")/arena.c" "${SEXTANT_APP_DIR:-/app}/"
