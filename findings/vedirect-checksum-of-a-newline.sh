#!/usr/bin/env bash
# vedirect 1.1.0: a block whose checksum byte is a line feed is an error, one block in 256.
#
# Seen: the text protocol of Victron ends a block by one byte of any value. Where it is 0A, reading by lines cuts there: the
# block's checksum still holds, and the rest of the line is then taken for a field without a value (ValueError). The
# constructor reads a block too, so now and then a program does not start.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet vedirect==1.1.0
"$folder/python/bin/python" - <<'END'
import itertools
import os
import pty
import threading
import time

from vedirect import VEDirect

FIELDS = b"\r\nPID\t0xA053\r\nSER#\tHQ0000AA%c%c%c\r\nV\t12800\r\nI\t0\r\nChecksum\t"


def block(byte):
    """A block whose checksum is this byte, by three signs of its serial number."""
    numbers = itertools.product(range(33, 127), repeat=3)
    made = (FIELDS % letters + bytes([byte]) for letters in numbers)
    return next(block for block in made if sum(block) % 256 == 0)


def read(byte):
    master, slave = pty.openpty()
    threading.Thread(target=lambda: [(time.sleep(0.1), os.write(master, block(byte))) for _ in range(5)], daemon=True).start()
    try:
        return f"{VEDirect(os.ttyname(slave)).battery_volts:.1f} V"
    except ValueError as error:
        return f"ValueError: {error}"


seen = read(0x41), read(0x0A)
print(*seen, sep="\n")
assert seen[0].endswith(" V") and seen[1].startswith("ValueError"), seen
END
