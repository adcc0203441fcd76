#!/usr/bin/env bash
# pynmea2 1.19.0: the signal id of NMEA 0183 4.11 becomes a satellite.
#
# Seen: a GSV sentence for one satellite, with the signal id 7 behind it, has a second satellite with the number 7. A count of
# satellites in view, or an alarm on a satellite without signal, is wrong for each receiver that speaks 4.11. The sentence's own
# count of satellites says where the id begins.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet pynmea2==1.19.0
"$folder/python/bin/python" - <<'END'
import functools

import pynmea2

body = "GAGSV,1,1,01,02,40,083,46,7"
message = pynmea2.parse("$%s*%02X" % (body, functools.reduce(lambda sum, c: sum ^ ord(c), body, 0)))
seen = message.num_sv_in_view, message.sv_prn_num_1, message.sv_prn_num_2, message.elevation_deg_2
print(*map(repr, seen))
assert seen == ("01", "02", "7", ""), seen
END
