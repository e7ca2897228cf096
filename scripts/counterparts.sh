#!/bin/sh
# Run the product against servers that are not ours: scripts/counterparts.sh [mllama] [llama_stack]
# Each has an environment of its own below tests/counterparts, made once; nothing is skipped.
set -eu
cd "$(dirname "$0")/.."
here=tests/counterparts
lists=$here/requirements

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

seconds() { date +%s; }

# The user's own settings of pip and Python may not lead it elsewhere.
unset PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV PYTHONPATH PYTHONHOME || true
pip() { # pip VENV ARGUMENT...: the environment's own pip would have to be installed first
    into=$1
    shift
    .venv/bin/python -m pip --disable-pip-version-check -qq --python "$into/bin/python" "$@"
}

digest() { cat "$lists/$1"*.txt scripts/counterparts.sh | cksum; }

new_environment() { # new_environment NAME PYTHON MEGABYTES
    free=$(df -Pm "$here" | awk 'NR == 2 { print $4 }')
    [ "$free" -gt "$(($3 * 3 / 2))" ] ||
        fail "$1 needs $3 MB of disk, and half as much while it is made; $free MB are free."
    echo "Making $here/.venv-$1 with $("$2" --version) ($3 MB, about a minute, once) ..." >&2
    rm -rf "$here/.venv-$1"
    "$2" -m venv --without-pip "$here/.venv-$1" ||
        fail "$2 cannot make an environment; on Debian and Ubuntu: apt install python3-venv"
}

packages() { # packages VENV LIST
    pip "$1" install --require-hashes --only-binary :all: -r "$lists/$2.txt" ||
        fail "The packages in $lists/$2.txt could not be installed; the lines above say why."
}

python_for_mllama() {
    for candidate in ${COUNTERPARTS_PYTHON_MLLAMA:-} python3.11 .venv/bin/python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys._base_executable)'
            return
        fi
    done
    fail "mllama needs Python 3.11: the pinned CPU build of torch is for that." \
        "Install it, or name it: make COUNTERPARTS_PYTHON_MLLAMA=/path/to/python3.11 counterparts"
}

make_mllama() {
    python=$(python_for_mllama)
    new_environment mllama "$python" 1300
    pip "$here/.venv-mllama" install --require-hashes --no-deps -r "$lists/mllama_torch.txt" ||
        fail "pip found no CPU build of torch 2.13.0 for Python 3.11 on x86-64 Linux." \
            "Point it at PyTorch's index of CPU builds (pytorch.org, under 'Get started', has its" \
            "address): PIP_EXTRA_INDEX_URL=ADDRESS make counterparts"
    packages "$here/.venv-mllama" mllama
}

make_llama_stack() {
    python=$(sh scripts/counterparts-python.sh)
    new_environment llama_stack "$python" 800
    packages "$here/.venv-llama_stack" llama_stack
}

[ $# -gt 0 ] || set -- mllama llama_stack
for name; do
    case $name in
    mllama | llama_stack) ;;
    *) fail "There is no counterpart '$name': mllama, llama_stack." ;;
    esac
done

failed=
for name; do
    began=$(seconds)
    venv=$here/.venv-$name
    if [ "$(cat "$venv/.made-from" 2>/dev/null)" != "$(digest "$name")" ]; then
        "make_$name"
        digest "$name" >"$venv/.made-from"
    fi
    made=$(seconds)
    echo "== $name =="
    .venv/bin/python -m pytest "$here/$name" --durations=5 || failed="$failed $name"
    echo "$name: environment $((made - began)) s, tests $(($(seconds) - made)) s," \
        "$(du -sm "$venv" | cut -f1) MB in $venv"
done
[ -z "$failed" ] || fail "Failed:$failed"
