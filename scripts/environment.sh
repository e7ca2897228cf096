#!/bin/sh
# Make the environment in .venv from a hash-pinned list: scripts/environment.sh user|dev
# An environment that does not hold what the list pins is made anew; one that does is left as it is,
# which takes no time.
set -eu
kind=${1:?user or dev}
cd "$(dirname "$0")/.."
list=requirements/$kind.txt
venv=.venv

in_range='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
find_python() {
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
        if "$candidate" -c "$in_range" 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "visiontools needs Python 3.11, 3.12 or 3.13, and none of them was found." >&2
    echo "Install one (Debian, Ubuntu: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12 ..." >&2
    exit 1
}

digest() { cat pyproject.toml requirements/build.txt requirements/"$1".txt scripts/environment.sh | cksum; }

# What there is, is looked at before it is trusted: it may be half installed, of another Python,
# changed by hand, or copied from somewhere else. dev holds all that user does, so it serves both.
for have in dev "$kind"; do
    if [ -f "$venv/.made-from-$have" ] && [ "$(cat "$venv/.made-from-$have")" = "$(digest "$have")" ] &&
        "$venv/bin/python" scripts/current.py "requirements/$have.txt" 2>/dev/null; then
        exit 0
    fi
done

python=$(find_python)
echo "Making the environment in $venv with $("$python" --version) (about a minute, once) ..." >&2
rm -rf "$venv"
if ! "$python" -m venv "$venv" >&2; then
    rm -rf "$venv"
    echo "$python cannot make an environment; on Debian and Ubuntu: apt install python3-venv" >&2
    exit 1
fi
# The user's own settings of pip and Python may not lead it elsewhere.
unset PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV PYTHONPATH PYTHONHOME || true
pip="$venv/bin/python -m pip --disable-pip-version-check -qq"
pinned="--require-hashes --only-binary :all:"
if ! $pip install $pinned -r requirements/build.txt ||
    ! $pip install $pinned --no-build-isolation --no-binary cuid,literalai,syncer -r "$list" ||
    ! $pip install --no-deps --no-build-isolation --editable .; then
    echo "The packages in $list could not be installed; the lines above say why. Run the same command again once that is mended." >&2
    exit 1
fi
digest "$kind" >"$venv/.made-from-$kind"
