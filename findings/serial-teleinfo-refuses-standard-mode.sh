#!/usr/bin/env bash
# serial-teleinfo 1.0.1: each right line of a Linky meter in standard mode has "a wrong checksum".
#
# Seen: a line of historic mode is read; lines of standard mode, whose fields are apart by tabs, match its pattern and raise
# InvalidChecksumException. In standard mode (Enedis-NOI-CPT_54E) the checksum covers the last separator, too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet serial-teleinfo==1.0.1
"$folder/python/bin/python" - <<'END'
from serial_teleinfo import InvalidChecksumException, parse_line


def line(covered, separator=""):
    return (covered + separator + chr((sum(map(ord, covered)) & 0x3F) + 0x20) + "\r\n").encode()


print(parse_line(line("PAPP 00750", " ")))
for covered in ["EAST\t002304517\t", "SINSTS\t00750\t"]:
    try:
        raise SystemExit(f"read: {parse_line(line(covered))}")
    except InvalidChecksumException as error:
        print(error)
END
