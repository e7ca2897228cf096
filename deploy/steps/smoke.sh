#!/bin/sh
# Try the revision without traffic as a user would: through IAP, to an answer read from a picture.
. "$(dirname "$0")/common.sh"
only_in_a_release

failed() {
    sign_out
    drop_candidate
    fail "The new revision failed the smoke test ($1); $(cat "$told/serving") serves as before." \
        "Read its log: gcloud run services logs read $SERVICE --region=$REGION --project=$PROJECT_ID"
}

sign_in "$CANDIDATE_URL" || failed "signing in to IAP"
ask "$CANDIDATE_URL/healthz" || failed "/healthz"
ask "$CANDIDATE_URL/readyz" || failed "/readyz"
# A run sent again under its key is run once.
ask "$CANDIDATE_URL/api/v1/tools/diet/runs" \
    --header "Idempotency-Key: smoke-$TAG-$(date +%s)" --form endpoint=reader --form again=true \
    --form picture=@examples/diet_two_drinks.png >"$told/record.json" || failed "reading a label"
id=$(python3 "$here/answered.py" <"$told/record.json") || failed "the answer to the label"
ask --request DELETE "$CANDIDATE_URL/api/v1/records/$id" || failed "deleting the record"
sign_out
say "The new revision answers."
