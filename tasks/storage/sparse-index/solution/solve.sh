#!/bin/bash
# sextant-canary 5e927e0c-16d8-42f6-bb2a-c9039993afe7
# Hands in the reference answer.
set -eu
cp "$(dirname "$0")/table.rs" "${SEXTANT_APP_DIR:-/app}/"
