"""The messages of an AWS event stream (application/vnd.amazon.eventstream)."""

import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any


def aws_messages(raw: bytes) -> Iterator[tuple[dict[str, str], Any]]:
    """The headers and the JSON of each message. Anything that is not whole and undamaged is a ValueError."""
    while raw:
        if len(raw) < 16:
            raise ValueError("a torn message")
        total, header_size, _ = struct.unpack(">III", raw[:12])
        message, raw = raw[:total], raw[total:]
        if len(message) != total or zlib.crc32(message[:-4]) != struct.unpack(">I", message[-4:])[0]:
            raise ValueError("a damaged message")
        payload = message[12 + header_size:-4]
        yield _headers(message[12:12 + header_size]), json.loads(payload) if payload else {}


def _headers(block: bytes) -> dict[str, str]:
    """Those that are texts, which all of Bedrock's are."""
    found = {}
    while block:
        name_end = 1 + block[0]
        name, kind = block[1:name_end].decode(), block[name_end]
        if kind != 7:
            raise ValueError(f"header {name} is no text")
        value_end = name_end + 3 + struct.unpack(">H", block[name_end + 1:name_end + 3])[0]
        found[name] = block[name_end + 3:value_end].decode()
        block = block[value_end:]
    return found
