#!/usr/bin/env bash
# sextant-canary 853623e2-1896-46a9-9d62-9660dbf4d7a7
set -eu
cp "$(dirname "$0")"/hybrid_clock.py /app/
