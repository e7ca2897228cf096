#!/bin/sh
# What CI runs on every change.
. "$(dirname "$0")/common.sh"

if [ "$TEST" != yes ]; then
    say "Left out: _TEST is '$TEST'."
    exit 0
fi
./.ci/run
