#!/usr/bin/env python3
"""Writes what the fuzz targets begin with: seeds.py FOLDER makes FOLDER/<target>/ for each of them.

Taken from the strings in the tests of this project, and from recordings and corpora where SLUICE_SHARED, or `shared`
beside the checkout, holds them.
"""

import base64
import hashlib
import json
import os
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SLUICE_SHARED") or ROOT.parent / "shared")
LARGEST = 16 * 1024
APIS = {"openai.chat": "openai", "openai.responses": "responses", "anthropic.messages": "anthropic", "gemini.generateContent": "gemini",
        "gemini.streamGenerateContent": "gemini", "bedrock.converse": "bedrock", "bedrock.converse-stream": "bedrock",
        "ollama.chat": "ollama"}
CONVERSE_EVENTS = (b"messageStart", b"contentBlockStart", b"contentBlockDelta", b"messageStop", b"metadata")
FRAMINGS = {"bedrock": "aws_event_stream", "ollama": "ndjson"}  # the others send server-sent events


def write(folder: Path, target: str, seeds: Iterator[bytes]) -> None:
    place = folder / target
    place.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        if 0 < len(seed) <= LARGEST:
            (place / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


def strings_of_tests(pattern: str) -> Iterator[bytes]:
    """String literals, raw ones and others."""
    for path in sorted((ROOT / "src").glob(pattern)):
        text = path.read_text()
        for raw in re.findall(r'R"(\w*)\((.*?)\)\1"', text, re.DOTALL):
            yield raw[1].encode()
        text = re.sub(r'R"(\w*)\(.*?\)\1"', "", text, flags=re.DOTALL)
        for group in re.findall(r'(?:"(?:[^"\\\n]|\\.)*"\s*)+', text):
            joined = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', group))
            try:
                yield joined.encode("latin-1", "replace").decode("unicode_escape").encode("latin-1", "replace")
            except UnicodeDecodeError:
                pass


def golden_files() -> Iterator[bytes]:
    for path in sorted((ROOT / "src").glob("*/testdata/**/*.json")):
        yield path.read_bytes()


def recordings() -> Iterator[tuple[str, dict]]:
    for api, short in APIS.items():
        for path in sorted((SHARED / "data" / "corpus" / api).glob("*.json")):
            yield short, json.loads(path.read_text())


def body_of(message: dict) -> bytes:
    if "raw" in message:
        raw = message["raw"]
        return base64.b64decode(raw) if message.get("encoding") == "base64" else raw.encode()
    body = message.get("body")
    return body.encode() if isinstance(body, str) else json.dumps(body, ensure_ascii=False).encode()


def converse_lines(stream: bytes) -> bytes:
    """The messages of an AWS event stream as lines `TYPE JSON`."""
    lines = []
    while len(stream) >= 16:
        total, headers = struct.unpack(">II", stream[:8])
        name = re.search(rb":(?:event|exception)-type\x07..(\w+)", stream[12:12 + headers], re.DOTALL)
        lines.append((name[1] if name else b"") + b" " + stream[12 + headers:total - 4])
        stream = stream[total:]
    return b"\n".join(lines)


def raw_requests() -> Iterator[bytes]:
    path = SHARED / "data" / "http" / "visible.jsonl"
    for line in path.read_text().splitlines() if path.exists() else []:
        yield base64.b64decode(json.loads(line)["raw_base64"])


def schema_cases() -> Iterator[tuple[dict, object]]:
    """Schemas and documents of the JSON Schema Test Suite."""
    for path in sorted((SHARED / "data" / "schema" / "tests").rglob("*.json")):
        for case in json.loads(path.read_text()):
            for test in case["tests"]:
                yield case["schema"], test["data"]


def two_lines(first: object, second: object) -> bytes:
    return "\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in (first, second)).encode()


def broken_json() -> Iterator[bytes]:
    path = SHARED / "data" / "repair" / "visible.jsonl"
    for line in path.read_text().splitlines() if path.exists() else []:
        vector = json.loads(line)
        yield vector["input"].encode() if "input" in vector else base64.b64decode(vector["input_b64"])


def main(folder: Path) -> None:
    json_strings = [s for s in strings_of_tests("*/**/*_test.cpp") if s[:1] in b"{["] + list(golden_files())
    write(folder, "json_document", strings_of_tests("json/*_test.cpp"))
    write(folder, "json_document", iter(json_strings))
    write(folder, "json_patch", iter(json_strings))
    write(folder, "json_text", strings_of_tests("json/*_test.cpp"))
    write(folder, "json_schema", (s.replace(b"\n", b" ") + b"\n{}" for s in strings_of_tests("json/schema/*_test.cpp")))
    write(folder, "json_schema", (two_lines(schema, data) for schema, data in schema_cases()))
    write(folder, "json_pattern", (s + b"\nabc 1" for s in strings_of_tests("json/schema/pattern_test.cpp")))
    for target in ("json_repair", "json_repair_stream"):
        write(folder, target, strings_of_tests("json/repair/*_test.cpp"))
        write(folder, target, broken_json())
    write(folder, "openai_request", iter(json_strings))
    write(folder, "http_sse", strings_of_tests("http/sse_test.cpp"))
    write(folder, "http_chunked", strings_of_tests("http/chunked_test.cpp"))
    write(folder, "http_request_head", strings_of_tests("http/head_test.cpp"))
    write(folder, "http_response_head", strings_of_tests("http/*_test.cpp"))
    write(folder, "provider_error", (b"application/json|1|2|\n" + s for s in json_strings))
    for request in raw_requests():
        head, _, body = request.partition(b"\r\n\r\n")
        write(folder, "http_request_head", iter([head + b"\r\n\r\n"]))
        if b"chunked" in head:
            write(folder, "http_chunked", iter([body]))
        elif body:
            write(folder, "openai_request", iter([body]))
    for short, recording in recordings():
        answer = recording["response"]
        body = body_of(answer)
        form = "events" if "raw" in answer else "whole"
        if answer["status"] >= 400:
            write(folder, "provider_error", iter([b"application/json|30||\n" + body]))
        as_lines = short == "bedrock" and form == "events"
        write(folder, f"{short}_answer_{form}", iter([converse_lines(body) if as_lines else body]))
        write(folder, FRAMINGS.get(short, "http_sse") if form == "events" else "json_document", iter([body]))
        if short == "openai":
            write(folder, "openai_request", iter([body_of(recording["request"])]))
    for short in set(APIS.values()):
        for seed in strings_of_tests(f"dialect/{short}/*_test.cpp"):
            form = "events" if seed.startswith((b"data:", b"event:")) else "whole"
            write(folder, f"{short}_answer_{form}", iter([seed]))
            if seed[:1] == b"{" and short == "bedrock":
                write(folder, "bedrock_answer_events", (name + b" " + seed for name in CONVERSE_EVENTS))
            elif seed[:1] == b"{" and short == "ollama":
                write(folder, "ollama_answer_events", iter([seed + b"\n"]))
            elif seed[:1] == b"{":
                write(folder, f"{short}_answer_events", iter([b"data: " + seed.replace(b"\n", b" ") + b"\n\n"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
