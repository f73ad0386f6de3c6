#!/bin/bash
# sextant-canary bfe392ca-dd74-4bbb-8cd6-f8f26e106871
# Hands in the reference answer.
set -eu
cp "$(dirname "$0")/store.rs" "${SEXTANT_APP_DIR:-/app}/"
