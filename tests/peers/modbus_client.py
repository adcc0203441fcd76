"""Asks the Modbus unit 1 behind the TCP port of the argument, in RTU frames, for two holding registers as pymodbus (PyPI) does. One
JSON object on stdout: the registers that it takes, or null."""

import json
import logging
import sys

from pymodbus import FramerType
from pymodbus.client import ModbusTcpClient

logging.disable(logging.CRITICAL)
client = ModbusTcpClient("127.0.0.1", port=int(sys.argv[1]), framer=FramerType.RTU, timeout=1, retries=0)
client.connect()
try:
    answer = client.read_holding_registers(0, count=2, device_id=1)
    registers = None if answer.isError() else answer.registers
except Exception:
    registers = None
print(json.dumps({"registers": registers}))
