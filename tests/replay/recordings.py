"""The recordings, and the provider that answers with them.

A recording is one JSON file: the request's body, the response's status, headers and body; a body is parsed JSON
(`body`) or text (`raw`), with the sizes of the recorded reads where they are known.
"""

import base64
import json
import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gateway_process import ROOT
from scripted_provider import Pause, Received, Reply, Step

from .aws_frames import aws_messages
from .facts import sse_events

#: The endings of the path that each API answers on.
ENDPOINTS = {
    "openai.chat": ("/chat/completions",),
    "openai.responses": ("/responses",),
    "anthropic.messages": ("/v1/messages",),
    "gemini.generateContent": (":generateContent",),
    "gemini.streamGenerateContent": (":streamGenerateContent",),
    "bedrock.converse": ("/converse",),
    "bedrock.converse-stream": ("/converse-stream",),
    "ollama.chat": ("/api/chat",),
}
_PAUSE = Pause(0.001)
_MOST_PIECES = 80
_TYPES = {"sse": "text/event-stream", "base64": "application/vnd.amazon.eventstream", "ndjson": "application/x-ndjson",
          "text": "text/plain", None: "application/json"}
_STREAMS = ("gemini.streamGenerateContent", "bedrock.converse-stream")

#: Gemini writes enums as protobuf numbers, but only for clients that ask for it; the gateway does not.
_GEMINI_ENUMS = {
    "finishReason": ["FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER"],
    "modality": ["MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "VIDEO", "AUDIO", "DOCUMENT"],
    "trafficType": ["TRAFFIC_TYPE_UNSPECIFIED", "ON_DEMAND", "PROVISIONED_THROUGHPUT"],
}


def folder() -> Path | None:
    """Where the recordings are: SLUICE_SHARED, else `shared` beside the checkout; None where neither has them."""
    shared = Path(os.environ.get("SLUICE_SHARED") or ROOT.parent / "shared")
    found = shared / "data" / "corpus"
    return found if found.is_dir() else None


@dataclass
class Recording:
    id: str
    api: str
    provider: str
    request: Any
    response: dict[str, Any]

    @property
    def status(self) -> int:
        return self.response["status"]

    @property
    def streamed(self) -> bool:
        asked = isinstance(self.request, dict) and bool(self.request.get("stream"))
        return asked or self.response.get("encoding") in ("sse", "base64", "ndjson") or self.api in _STREAMS

    @property
    def raw(self) -> bytes:
        """What was kept as it came."""
        text = self.response["raw"]
        return base64.b64decode(text) if self.response.get("encoding") == "base64" else text.encode()

    @property
    def bodies(self) -> list[Any]:
        """The whole answer, or every event of the stream, parsed; those of AWS under their names."""
        if "body" in self.response:
            body = self.response["body"]
            return body if self.api == "gemini.streamGenerateContent" and isinstance(body, list) else [body]
        if self.response.get("encoding") == "base64":
            return [{h.get(":event-type") or "failure": event} for h, event in aws_messages(self.raw)]
        if self.response.get("encoding") == "ndjson":
            return [json.loads(line) for line in self.raw.splitlines() if line.strip()]
        return [json.loads(e) for e in sse_events(self.raw) if e.strip() != "[DONE]"]

    def bytes(self) -> tuple[bytes, bool]:
        """The body as the provider would send it to this gateway, and whether those are the recorded bytes."""
        if self.api == "gemini.streamGenerateContent" and self.status == 200:
            named = [_enum_names(b) for b in self.bodies]
            if "raw" not in self.response or named != self.bodies:  # recorded as an array, or with numbers for enums
                return b"".join(b"data: " + _json(b) + b"\r\n\r\n" for b in named), False
        if "raw" in self.response:
            return self.raw, True
        body = self.response["body"]
        return _json(_enum_names(body) if self.api.startswith("gemini.") and self.status == 200 else body), False

    def reply(self) -> Reply:
        body, as_recorded = self.bytes()
        streamed = self.streamed and self.status == 200
        kept = ("retry-after", "retry-after-ms", "x-should-retry", "request-id", "x-request-id", "x-amzn-errortype")
        headers = {k: v for k, v in self.response.get("headers", {}).items() if k in kept}
        headers["content-type"] = _TYPES[self.response.get("encoding") or "sse"] if streamed else self.response.get("headers", {}).get(
            "content-type", _TYPES.get(self.response.get("encoding"), "application/json"))
        if not streamed:
            return Reply(self.status, headers, [body], "length")
        steps: list[Step] = []
        for piece in self._pieces(body, as_recorded):
            steps += [piece, _PAUSE]
        return Reply(self.status, headers, steps)

    def _pieces(self, body: bytes, as_recorded: bool) -> list[bytes]:
        """The recorded reads, else cuts anywhere, the same in every run."""
        sizes = self.response.get("chunk_lengths") or []
        if not as_recorded or sum(sizes) != len(body):
            dice, largest = random.Random(self.id), max(200, 2 * len(body) // _MOST_PIECES)
            sizes = [dice.randint(1, largest) for _ in range(len(body))]
        pieces, at = [], 0
        for size in sizes:
            if piece := body[at:at + size]:
                pieces.append(piece)
            at += size
        return pieces


def load(apis: tuple[str, ...] = tuple(ENDPOINTS)) -> list[Recording]:
    where = folder()
    if where is None:
        return []
    found = []
    for path in sorted(p for api in apis for p in (where / api).glob("*.json")):
        d = json.loads(path.read_text(encoding="utf-8"))
        found.append(Recording(d["id"], d["api"], d.get("provider", ""), d["request"]["body"], d["response"]))
    return found


class Library:
    """Answers each request with the recording whose id is the model that it names."""

    def __init__(self, recordings: list[Recording]):
        self._by_id = {r.id: r for r in recordings}
        self.requests: dict[str, list[Received]] = {}

    def __call__(self, request: Received) -> Reply:
        path = request.target.partition("?")[0]
        body = request.json if request.body else {}
        name = body.get("model") or _model_in(path)
        recording = self._by_id.get(name)
        if recording is None:
            return Reply.json({"error": {"message": f"there is no recording {name!r}"}}, 404)
        self.requests.setdefault(recording.id, []).append(request)
        if not path.endswith(ENDPOINTS[recording.api]):
            return Reply.json({"error": {"message": f"{path} is not where {recording.api} answers"}}, 404)
        return recording.reply()


def _model_in(path: str) -> str:
    """`.../models/NAME:generateContent` or `/model/NAME/converse`."""
    if "/converse" in path:
        return unquote(path.split("/")[-2])
    return path.rpartition("/")[2].partition(":")[0]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _enum_names(node: Any) -> Any:
    if isinstance(node, list):
        return [_enum_names(n) for n in node]
    if not isinstance(node, dict):
        return node
    out = {}
    for key, value in node.items():
        names = _GEMINI_ENUMS.get(key)
        number = isinstance(value, int) and names is not None
        out[key] = (names[value] if value < len(names) else "OTHER") if number else value if key == "args" else _enum_names(value)
    return out
