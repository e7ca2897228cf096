#!/bin/sh
# Deploy the new image as a revision that nobody is sent to; its tag gives it an address of its own.
. "$(dirname "$0")/common.sh"
only_in_a_release

service >"$told/service.json" || fail "There is no service $SERVICE in $REGION." \
    "Make it first: make -C deploy apply PROJECT=$PROJECT_ID"
python3 "$here/traffic.py" serving <"$told/service.json" >"$told/serving"

run services update "$SERVICE" --image="$(cat "$told/image")" --no-traffic --tag="$candidate" || {
    drop_candidate
    fail "The new revision did not start; $(cat "$told/serving") serves as before." \
        "Read its log: gcloud run services logs read $SERVICE --region=$REGION --project=$PROJECT_ID"
}
service >"$told/service.json"
python3 "$here/traffic.py" tagged "$candidate" <"$told/service.json" >"$told/candidate" || {
    drop_candidate
    fail "Cloud Run tells no revision for the tag '$candidate'." "Run the build again."
}
say "$(cat "$told/candidate") is there, without traffic; $(cat "$told/serving") serves."
