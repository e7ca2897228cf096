# Read by every step of deploy/cloudbuild.yaml, which sets the variables in capitals.
# Steps are containers of their own: what one tells the next is a file in the workspace they share.
set -eu

told=${WORKSPACE:-/workspace}/.release
candidate=candidate # the tag of a revision without traffic; terraform lets its host name in
here=$(dirname "$0")

say() { echo "== $*"; }
fail() {
    echo "Error: $1" >&2
    echo "Next: $2" >&2
    exit 1
}

# What a build without a release (the first one, which comes before the service) leaves out.
only_in_a_release() {
    if [ "$RELEASE" != yes ]; then
        say "Left out: _RELEASE is '$RELEASE'."
        exit 0
    fi
}

run() { gcloud run "$@" --project="$PROJECT_ID" --region="$REGION" --quiet; }
service() { run services describe "$SERVICE" --format=json; }
traffic() { run services update-traffic "$SERVICE" "$@"; }

drop_candidate() {
    traffic --remove-tags="$candidate" ||
        echo "The tag '$candidate' is still there; the next release moves it." >&2
}

# sign_in URL: sign a short-lived token for IAP as the account this build runs as. IAP takes a JWT a
# service account has signed for an address; the '*' makes it good for every page below it.
# https://docs.cloud.google.com/iap/docs/authentication-howto
sign_in() {
    umask 077
    account=$(gcloud auth list --filter=status:ACTIVE --format='value(account)') || return 1
    now=$(date +%s)
    printf '{"iss": "%s", "sub": "%s", "aud": "%s/*", "iat": %s, "exp": %s}' \
        "$account" "$account" "$1" "$now" "$((now + 900))" >"$told/claim.json"
    gcloud iam service-accounts sign-jwt "$told/claim.json" "$told/token" \
        --iam-account="$account" --quiet || return 1
    # From a file, so that no list of processes and no log shows it.
    printf 'Authorization: Bearer %s' "$(cat "$told/token")" >"$told/header"
}
sign_out() { rm -f "$told/claim.json" "$told/token" "$told/header"; }

ask() { # ask CURL-ARGUMENTS...: signed in; what fails is asked again, as a new revision is slow
    curl --silent --show-error --fail --max-time 120 --retry "${RETRIES:-5}" --retry-delay 3 \
        --retry-all-errors --header "@$told/header" "$@"
}
