#!/bin/sh
# Upgrade the database with the new image, before any of it serves. Where that fails the database
# is as it was (each upgrade is one transaction) and nothing is deployed.
. "$(dirname "$0")/common.sh"
only_in_a_release

image=$(cat "$told/image")
run jobs update "$MIGRATION_JOB" --image="$image"
run jobs execute "$MIGRATION_JOB" --wait || fail \
    "The database was not upgraded, so nothing was deployed." \
    "Read the job's log: gcloud run jobs executions list --job=$MIGRATION_JOB --region=$REGION --project=$PROJECT_ID"
# What deletes old records every night must know the tables as they are now.
run jobs update "$PRUNE_JOB" --image="$image"
