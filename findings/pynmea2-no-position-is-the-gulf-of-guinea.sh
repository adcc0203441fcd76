#!/usr/bin/env bash
# pynmea2 1.19.0: a position that is not there is latitude 0 and longitude 0.
#
# Seen: a GLL sentence with empty fields, as each receiver sends before its first fix, has the latitude 0.0 and the longitude
# 0.0, a place in the Gulf of Guinea, and no error. The sentence says V for void: who reads it must ask is_valid, and the
# fields themselves are empty strings.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet pynmea2==1.19.0
"$folder/python/bin/python" - <<'END'
import functools

import pynmea2

body = "GPGLL,,,,,,V,N"
message = pynmea2.parse("$%s*%02X" % (body, functools.reduce(lambda sum, c: sum ^ ord(c), body, 0)))
seen = message.latitude, message.longitude, message.lat, message.is_valid
print(*map(repr, seen))
assert seen == (0.0, 0.0, "", False), seen
END
