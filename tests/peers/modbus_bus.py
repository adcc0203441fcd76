"""A Modbus RTU bus on a pseudo-terminal: two units by pymodbus (PyPI), and between them and the reader a line that has one kind
of fault. Argument: the fault. Prints the device file to open.

Register n of the table holding is 1000 * unit + n, of the table input 1000 * unit + 500 + n; coil n is n odd. Tables have 20
each, so whatever comes under a wrong name shows."""

import asyncio
import os
import select
import sys
import threading
import time
import tty

from pymodbus.datastore import ModbusDeviceContext, ModbusSequentialDataBlock, ModbusServerContext
from pymodbus.framer import FramerType
from pymodbus.server import StartAsyncSerialServer

fault = sys.argv[1]
# The reader waits this long for an answer.
TIMEOUT = 0.3


def unit(number):
    block = ModbusSequentialDataBlock
    return ModbusDeviceContext(
        hr=block(1, [1000 * number + n for n in range(20)]),
        ir=block(1, [1000 * number + 500 + n for n in range(20)]),
        co=block(1, [n % 2 == 1 for n in range(20)]),
        di=block(1, [False] * 20),
    )


def crc(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


def framed(data):
    return data + crc(data)


def terminal():
    master, slave = os.openpty()
    tty.setraw(master)
    tty.setraw(slave)
    return master, slave, os.ttyname(slave)


def spoilt(answer, request, turn):
    """What the reader gets: pieces to send, each after a pause."""
    data = answer[:-2]
    is_data = data[1] in (3, 4)
    # Two of three come as they are, and so the reader gets on.
    hit = turn % 3 == 1 and (is_data or fault not in ("short", "long", "function"))
    if fault == "noise":
        return [(0, b"\x00\xff" + bytes([turn % 256]) + answer + b"\x01\x03")]
    if fault == "echo":
        return [(0, request), (0.01, answer)]
    if fault == "slow":
        return [(0, answer[:3]), (0.02, answer[3:])]
    if not hit:
        return [(0, answer)]
    return {
        "none": lambda: [(0, answer)],
        "late": lambda: [(TIMEOUT * 1.4, answer)],
        "later": lambda: [(TIMEOUT * 2.5, answer)],
        "lost": lambda: [],
        "twice": lambda: [(0, answer + answer)],
        "crc": lambda: [(0, answer[:3] + bytes([answer[3] ^ 1]) + answer[4:])],
        "cut": lambda: [(0, answer[: len(answer) // 2])],
        "unit": lambda: [(0, framed(bytes([3 - data[0]]) + data[1:]))],
        "function": lambda: [(0, framed(data[:1] + bytes([data[1] ^ 7]) + data[2:]))],
        "short": lambda: [(0, framed(data[:2] + bytes([data[2] - 2]) + data[3:-2]))],
        "long": lambda: [(0, framed(data[:2] + bytes([data[2] + 2]) + data[3:] + b"\x03\xe7"))],
        "exception": lambda: [(0, framed(data[:1] + bytes([data[1] | 0x80, 4])))],
        "unnamed": lambda: [(0, framed(data[:1] + b"\x80\x04"))],
        "master": lambda: [(0, framed(data[:2] + b"\x00\x09\x00\x01")), (0.02, framed(data[:2] + b"\x02\x13\x88"))],
    }[fault]()


def pump(server, reader):
    request, answer, turn, quiet = b"", b"", 0, 0.0
    while True:
        ready, _, _ = select.select([server, reader], [], [], 0.02)
        if reader in ready:
            request = os.read(reader, 256)
            os.write(server, request)
        if server in ready:
            answer += os.read(server, 256)
            quiet = time.monotonic()
        if answer and time.monotonic() - quiet > 0.02:
            turn += 1
            for pause, piece in spoilt(answer, request, turn):
                time.sleep(pause)
                os.write(reader, piece)
            answer = b""


async def main():
    server, _, server_path = terminal()
    reader, _, reader_path = terminal()
    threading.Thread(target=pump, args=(server, reader), daemon=True).start()
    print(reader_path, flush=True)
    context = ModbusServerContext(devices={1: unit(1), 2: unit(2)}, single=False)
    await StartAsyncSerialServer(context, framer=FramerType.RTU, port=server_path, baudrate=9600, ignore_missing_devices=True)


asyncio.run(main())
