#!/bin/sh
# Print the path of a Python 3.12 or 3.13, for counterparts that need one. Where the machine has
# none and is a Debian, Debian's own 3.13 is unpacked below tests/counterparts/.python, beside the
# libraries it was built with; nothing is installed, and no right to do so is needed.
set -eu
cd "$(dirname "$0")/.."
root=$PWD/tests/counterparts/.python
release=trixie

fits() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 12), (3, 13)))' 2>/dev/null; }

unpacked=$root/usr/bin/python3.13
by_uv=$(uv python find --no-python-downloads '>=3.12,<3.14' 2>/dev/null || true)
for candidate in ${COUNTERPARTS_PYTHON:-} python3.13 python3.12 $by_uv "$unpacked"; do
    if fits "$candidate"; then
        command -v "$candidate"
        exit 0
    fi
done

missing() {
    printf '%s\n' "$1" \
        "Install Python 3.12 or 3.13 (Ubuntu: apt install python3.12-venv; Debian 13: apt install" \
        "python3.13-venv; elsewhere: uv python install 3.13), or name it:" \
        "make COUNTERPARTS_PYTHON=/path/to/python3.13 counterparts" >&2
    exit 1
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    missing "This counterpart needs Python 3.12 or 3.13, and none was found."
fi
keys=/usr/share/keyrings/debian-archive-keyring.gpg
# shellcheck disable=SC2016  # apt fills that in
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Label: Debian' |
    sort -u | head -n 1)
if [ -z "$mirror" ] || [ ! -f $keys ]; then
    missing "This counterpart needs Python 3.12 or 3.13, and this machine has no Debian to take it from."
fi

echo "Unpacking Debian's Python 3.13 into $root (20 MB to fetch, once) ..." >&2
rm -rf "$root"
work=$root/work
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial"
: >"$work/status"
echo "deb [signed-by=$keys] $mirror $release main" >"$work/sources.list"
# An apt of its own: it sees no installed package and writes nothing outside its folder.
apt() {
    apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State="$work/state" -o Dir::State::status="$work/status" \
        -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root -o Debug::NoLocking=true "$@" >&2
}
if ! apt update || ! apt install --download-only --yes --no-install-recommends python3.13-venv; then
    missing "Debian's Python 3.13 could not be fetched; the lines above say why."
fi
for package in "$work"/cache/archives/*.deb; do
    dpkg-deb --extract "$package" "$root"
done
rm -rf "$work"

# It runs with the loader and the C library it came with, whatever the machine's own are.
mv "$unpacked" "$unpacked.bare"
loader=$(find "$root/usr" -name 'ld-linux-*.so.*' | head -n 1)
libraries=$(dirname "$(find "$root/usr/lib" -name libc.so.6 | head -n 1)")
cat >"$unpacked" <<END
#!/bin/sh
exec "$loader" --argv0 "\$0" --library-path "$libraries" "$unpacked.bare" "\$@"
END
chmod +x "$unpacked"
fits "$unpacked" || missing "Debian's Python 3.13 was unpacked into $root and does not run."
echo "$unpacked"
