"""What dsmr-parser (PyPI) makes of P1 telegrams. One JSON array a line on stdin: the name of its specification, the telegram.
One line on stdout for each: its values, or the exception."""

import json
import sys

from dsmr_parser import telegram_specifications
from dsmr_parser.parsers import TelegramParser

for line in sys.stdin:
    name, telegram = json.loads(line)
    try:
        parser = TelegramParser(getattr(telegram_specifications, name))
        said = json.loads(parser.parse(telegram).to_json())
    except Exception as error:
        said = {"exception": type(error).__name__}
    print(json.dumps(said))
