#!/bin/sh
# Push the image, and tell the next steps its digest: a tag can be moved, a digest cannot.
. "$(dirname "$0")/common.sh"
mkdir -p "$told"

docker push "$IMAGE:$TAG"
docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$IMAGE:$TAG" |
    grep -F "$IMAGE@sha256:" | head -n 1 >"$told/image" || true
[ -s "$told/image" ] || fail "The registry told no digest for $IMAGE:$TAG." \
    "See whether the push above went through, and build again."
say "Pushed $(cat "$told/image")"
