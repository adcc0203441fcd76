#!/usr/bin/env bash
# dsmr-parser 1.11.2: the season letter of a time stamp is ignored outside the double hour of autumn.
#
# Seen: 260715120000W, winter time in July, and 260715120000S, summer time, are both 10:00 UTC. Swedish meters keep winter time
# (W) all the year: the first is 11:00 UTC, and each hourly value of a summer is booked an hour early.
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


def stamp(letter):
    text = f"/AAA5MADE-UP\r\n\r\n0-0:1.0.0(260715120000{letter})\r\n1-0:1.8.0(00000896.020*kWh)\r\n!"
    telegram = TelegramParser(telegram_specifications.SWEDEN).parse(f"{text}{crc16(text.encode()):04X}\r\n")
    return telegram.P1_MESSAGE_TIMESTAMP.value.isoformat()


seen = stamp("W"), stamp("S")
print(*seen)
assert seen == ("2026-07-15T10:00:00+00:00",) * 2, seen
END
