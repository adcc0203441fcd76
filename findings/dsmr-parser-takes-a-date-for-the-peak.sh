#!/usr/bin/env bash
# dsmr-parser 1.11.2: where a Belgian meter sends the peak of the month before its date, the date is the peak.
#
# Seen: 1-0:1.6.0(260702010000S)(08.796*kW) is a peak of 8.796 kW. Meters with firmware since the end of 2025 send the same the other
# way round, (08.796*kW)(260702010000): the maximum demand is 260702010000 then, without a unit and without a time, and no
# error is raised. Who bills by the peak bills 260 billion.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet dsmr-parser==1.11.2
"$folder/python/bin/python" - <<'END'
from dsmr_parser import telegram_specifications
from dsmr_parser.parsers import TelegramParser


def crc16(data):
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def peak(groups):
    text = f"/AAA5MADE-UP\r\n\r\n0-0:1.0.0(260715120000S)\r\n1-0:1.6.0{groups}\r\n!"
    parser = TelegramParser(telegram_specifications.BELGIUM_FLUVIUS)
    demand = parser.parse(f"{text}{crc16(text.encode()):04X}\r\n").BELGIUM_MAXIMUM_DEMAND_MONTH
    return str(demand.value), demand.unit, demand.datetime and demand.datetime.isoformat()


seen = peak("(260702010000S)(08.796*kW)"), peak("(08.796*kW)(260702010000)")
print(*seen)
assert seen[0] == ("8.796", "kW", "2026-07-01T23:00:00+00:00"), seen
assert seen[1] == ("260702010000", None, None), seen
END
