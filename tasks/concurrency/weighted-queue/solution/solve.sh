#!/usr/bin/env bash
# sextant-canary a2401b3c-5bcf-40f1-bbc0-b72c84db263c
set -eu
cp "$(dirname "$0")"/weighted_queue.py /app/
