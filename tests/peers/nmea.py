"""Says what pynmea2 (PyPI) makes of each line of standard input, a JSON object a line: the sentence, its talker, and its
fields as text, with the position in degrees; or why it refuses the line."""

import json
import sys

import pynmea2


def said(line):
    try:
        sentence = pynmea2.parse(line.decode("ascii", "replace").strip(), check=True)
    except pynmea2.ChecksumError:
        return {"why": "checksum"}
    except (pynmea2.ParseError, ValueError) as error:
        return {"why": type(error).__name__}
    fields = {}
    for name in [field[1] for field in getattr(sentence, "fields", ())] + ["latitude", "longitude"]:
        try:
            value = getattr(sentence, name, None)
        except ValueError:
            continue
        if value is not None:
            fields[name] = str(value)
    talker = getattr(sentence, "talker", None)
    return {"type": type(sentence).__name__, "talker": talker, "fields": fields}


for line in sys.stdin.buffer:
    print(json.dumps(said(line)))
