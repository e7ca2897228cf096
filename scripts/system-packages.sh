#!/bin/sh
# The system packages the tests need beyond Python and make: installed where that is allowed
# (Debian or Ubuntu, as root), named otherwise. scripts/system-packages.sh [measure]
set -eu
# Graphviz draws test diagrams; the fonts are what labels and diagrams are drawn in; the API's
# documentation is tried with curl. Chromium shows the pages: where it cannot be installed, outside
# CI, the tests in a browser are skipped.
wanted="dot:graphviz fc-match:fontconfig curl:curl"
[ "${1:-}" = measure ] && wanted="$wanted chromium:chromium"

missing=
for pair in $wanted; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
font() { # font PACKAGE FILE: one file of each package tells
    [ -n "$(find /usr/share/fonts -name "$2" 2>/dev/null)" ] || missing="$missing $1"
}
font fonts-dejavu-core DejaVuSans.ttf
font fonts-dejavu-extra DejaVuSansCondensed.ttf
font fonts-liberation LiberationSans-Regular.ttf
font fonts-urw-base35 NimbusSansNarrow-Regular.otf
browser=
if [ "${1:-}" != measure ]; then
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || browser=" chromium"
fi
[ -z "$missing$browser" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$missing$browser ..." >&2
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    # shellcheck disable=SC2086
    if { apt-get update && apt-get install -y --no-install-recommends $missing $browser; } >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "These system packages could not be installed:$missing$browser" >&2
    exit 1
fi
if [ -z "$missing" ]; then
    echo "The tests in a browser are left out: it takes$browser (Debian: sudo apt install$browser)." >&2
    exit 0
fi
echo "The tests need these system packages:$missing$browser" >&2
echo "Install them with your package manager (Debian, Ubuntu: sudo apt install$missing$browser) and try again." >&2
exit 1
