#!/bin/sh
# Upgrade the database with the new image, before any of it serves. Where that fails the database
# is as it was (each upgrade is one transaction) and nothing is deployed.
. "$(dirname "$0")/common.sh"
only_in_a_release

image=$(cat "$told/image")
run jobs update "$JOB" --image="$image"
run jobs execute "$JOB" --wait || fail "The database was not upgraded, so nothing was deployed." \
    "Read the job's log: gcloud run jobs executions list --job=$JOB --region=$REGION --project=$PROJECT_ID"
