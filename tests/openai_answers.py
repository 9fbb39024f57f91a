"""What an OpenAI-compatible host says, for scripted providers."""

import json
from typing import Any

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


def completion(text: str = "Hello there.", **more: Any) -> dict[str, Any]:
    return {"id": "chatcmpl-scripted", "object": "chat.completion", "created": 1760000000, "model": "native-model",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": USAGE} | more


def event(body: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
    return event({"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 1760000000,
                  "model": "native-model", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]} | more)


OPENING = chunk({"role": "assistant", "content": ""})
USAGE_CHUNK = event({"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 1760000000,
                     "model": "native-model", "choices": [], "usage": USAGE})
DONE = b"data: [DONE]\n\n"


def stream(*words: str) -> list[bytes]:
    """A whole stream, one event per word."""
    return [OPENING, *(chunk({"content": w}) for w in words), chunk({}, "stop"), USAGE_CHUNK, DONE]


def error(message: str, type: str = "server_error", code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": type, "param": None, "code": code}}
