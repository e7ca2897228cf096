#!/bin/sh
# Build the image and try it, without a Docker engine: scripts/container.sh
# buildah builds deploy/Dockerfile on a Debian that debootstrap makes (no image is pulled), and
# tests/container runs it with a read-only root. It takes Debian or Ubuntu, and root.
# What is given goes to pytest: scripts/container.sh -k managed
set -eu
cd "$(dirname "$0")/.."
base=localhost/debian-python:bookworm
image=localhost/visiontools:test
[ "$(id -u)" = 0 ] || { echo "Building an image without a Docker engine takes root: sudo make container" >&2; exit 1; }

missing=
for pair in buildah:buildah podman:podman runc:runc debootstrap:debootstrap; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
if [ -n "$missing" ]; then
    echo "Installing$missing ..." >&2
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends $missing >&2
fi

if ! buildah inspect --type image "$base" >/dev/null 2>&1; then
    echo "Making $base (a minute, once) ..." >&2
    root=$(mktemp -d)
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$root" >"$root.log" ||
        { tail -n 5 "$root.log" >&2; exit 1; }
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
    tar -C "$root" -c . | podman import --quiet - "$base" >/dev/null
    rm -rf "$root" "$root.log"
fi

echo "Building $image ..." >&2
# The certificates are this machine's: it may stand behind a proxy that has its own.
buildah bud --quiet --layers --format docker --isolation chroot --network host --pull-never \
    --volume /etc/ssl/certs:/etc/ssl/certs:ro \
    --volume /usr/local/share/ca-certificates:/usr/local/share/ca-certificates:ro \
    --build-arg BASE_IMAGE="$base" -f deploy/Dockerfile -t "$image" .

venv=tests/container/.venv
lists=tests/container/requirements/services.txt
if ! cmp -s "$lists" "$venv/.made-from"; then
    echo "Installing what the tests have beside it ..." >&2
    rm -rf "$venv"
    python3 -m venv --without-pip "$venv"
    .venv/bin/python -m pip --disable-pip-version-check -qq --python "$venv/bin/python" install \
        --require-hashes --only-binary :all: -r "$lists"
    cp "$lists" "$venv/.made-from"
fi
buildah images --format '{{.Name}}:{{.Tag}} {{.Size}}' | grep -e "^$base" -e "^$image"
podman --runtime runc --cgroup-manager cgroupfs run --rm --interactive --no-healthcheck \
    --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$image" python - <scripts/image_sizes.py
.venv/bin/python -m pytest tests/container "$@"
