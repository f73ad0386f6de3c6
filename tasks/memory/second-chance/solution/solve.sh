#!/bin/bash
# sextant-canary 49ab22db-8eb2-47f8-9620-60564d09cc6a
# Hands in the reference answer.
set -eu
cp "$(dirname "$0")/pager.c" "${SEXTANT_APP_DIR:-/app}/"
