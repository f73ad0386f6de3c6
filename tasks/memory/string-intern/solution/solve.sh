#!/bin/bash
# sextant-canary c8b82ddd-6346-4fae-bf3e-9e8f6d4940cc
# Hands in the reference answer.
set -eu
cp "$(dirname "$0")/intern.c" "${SEXTANT_APP_DIR:-/app}/"
