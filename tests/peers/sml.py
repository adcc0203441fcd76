"""Says what smllib (PyPI) makes of each line of standard input, a kind of CRC and a file in hex: a JSON object a line, with
the time of each list and its entries; or why it refuses the file."""

import datetime
import json
import sys

from smllib import SmlStreamReader
from smllib.errors import CrcError


def plain(value):
    return value.isoformat() if isinstance(value, datetime.datetime) else value


def said(crc, file):
    reader = SmlStreamReader(crc=crc)
    reader.add(file)
    try:
        messages = reader.get_frame().parse_frame()
    except CrcError:
        return {"why": "crc"}
    except Exception as error:
        return {"why": type(error).__name__}
    lists = [message.message_body for message in messages if hasattr(message.message_body, "val_list")]
    return {
        "lists": [
            {
                "time": plain(answer.act_sensor_time),
                "entries": [
                    {
                        "code": str(entry.obis),
                        "value": plain(entry.value),
                        "scaled": plain(entry.get_value()),
                        "status": entry.status,
                    }
                    for entry in answer.val_list
                ],
            }
            for answer in lists
        ]
    }


for line in sys.stdin:
    crc, file = line.split()
    print(json.dumps(said(crc, bytes.fromhex(file))))
