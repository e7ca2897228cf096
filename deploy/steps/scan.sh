#!/bin/sh
# Refuse an image with known vulnerabilities of the severities in BLOCKS that a newer package mends.
# On-Demand Scanning looks at the image before anything is pushed.
. "$(dirname "$0")/common.sh"
mkdir -p "$told"

case $REGION in
europe-*) place=europe ;;
asia-* | australia-*) place=asia ;;
*) place=us ;;
esac

say "Scanning $IMAGE:$TAG ..."
scan=$(gcloud artifacts docker images scan "$IMAGE:$TAG" --project="$PROJECT_ID" \
    --location="$place" --format='value(response.scan)' --quiet)
[ -n "$scan" ] || fail "The scan of $IMAGE:$TAG gave no result." \
    "Look at the lines above; On-Demand Scanning (ondemandscanning.googleapis.com) must be enabled."
gcloud artifacts docker images list-vulnerabilities "$scan" --project="$PROJECT_ID" \
    --location="$place" --quiet \
    --format='value(vulnerability.effectiveSeverity,vulnerability.fixAvailable,vulnerability.shortDescription)' \
    >"$told/vulnerabilities"

cut -f1 "$told/vulnerabilities" | sort | uniq -c
: >"$told/blocking"
for severity in $BLOCKS; do
    awk -F '\t' -v severity="$severity" \
        '$1 == severity && tolower($2) == "true" { print $1, $3 }' \
        "$told/vulnerabilities" >>"$told/blocking"
done
if [ -s "$told/blocking" ]; then
    sort -u "$told/blocking" >&2
    fail "The image has vulnerabilities above for which there are newer packages." \
        "Update the base image or the packages and build again; _SCAN_BLOCKS says what blocks."
fi
say "Nothing of severity $BLOCKS that can be mended."
