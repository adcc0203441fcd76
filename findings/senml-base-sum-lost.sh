#!/usr/bin/env bash
# senml 0.1.0: a base sum is lost on the way through.
#
# Seen: a pack whose base sum (bs, RFC 8428 section 4.1) is 1000 and whose record adds 5 is written again with a sum of 5 and
# without the base: a meter of 1005 J becomes one of 5 J. The version that it writes, bver 5, is not the 10 of the RFC.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet senml==0.1.0
"$folder/python/bin/python" - <<'END'
from senml import SenMLDocument

document = SenMLDocument.from_json([{"bn": "meter/", "bs": 1000, "n": "energy", "u": "J", "s": 5}])
seen = document.to_json()
print(seen)
assert seen == [{"bver": 5, "bn": "meter/", "n": "energy", "u": "J", "s": 5.0}], seen
END
