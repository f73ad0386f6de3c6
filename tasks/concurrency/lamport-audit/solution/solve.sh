#!/usr/bin/env bash
# sextant-canary 056b4a70-f338-4e97-9c8e-e72505719128
set -eu
cp "$(dirname "$0")"/audit.py /app/
