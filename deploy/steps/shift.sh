#!/bin/sh
# Send everybody to the new revision, and back to the old one if the service does not answer then.
. "$(dirname "$0")/common.sh"
only_in_a_release

revision=$(cat "$told/candidate")
serving=$(cat "$told/serving")

back() {
    sign_out
    traffic --to-revisions="$serving" || fail "$1, and going back to $serving failed, too." \
        "At once: gcloud run services update-traffic $SERVICE --to-revisions=$serving --region=$REGION --project=$PROJECT_ID"
    drop_candidate
    fail "$1; traffic is back at $serving." \
        "Read the log: gcloud run services logs read $SERVICE --region=$REGION --project=$PROJECT_ID"
}

traffic --to-revisions="$revision=100" || back "Traffic could not be shifted to $revision"
{ sign_in "$URL" && ask "$URL/readyz"; } || back "$revision did not answer under traffic"
sign_out
drop_candidate
say "$revision serves. Back: gcloud run services update-traffic $SERVICE --to-revisions=$serving --region=$REGION --project=$PROJECT_ID"
