#!/bin/bash
# sextant-canary 20ef309e-b518-4bc2-82c4-c35d86b096bb
# Hands in the reference answer.
set -eu
cp "$(dirname "$0")/recover.rs" "${SEXTANT_APP_DIR:-/app}/"
