#!/bin/bash
# sextant-canary 58e681fb-c23a-407c-aa02-27fd7e339b9b
# Hands in the reference answer.
set -eu
cp "$(dirname "$0")/place.rs" "${SEXTANT_APP_DIR:-/app}/"
