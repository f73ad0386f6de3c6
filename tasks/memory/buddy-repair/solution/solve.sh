#!/bin/bash
# sextant-canary a2b5e632-722e-4ea4-ab40-eafcac1e2bb8
# Hands in the reference answer.
set -eu
cp "$(dirname "$0")/buddy.c" "${SEXTANT_APP_DIR:-/app}/"
