"""The facts, from what the gateway sent, and every departure from the shapes that OpenAI publishes.

The facts are read generously, so that one odd member does not hide what was delivered; a strict client would have
stopped at the departure.
"""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

from .facts import Call, Facts, Spoken, Usage, sse_events, words_within

_FINISHES = {"stop", "length", "tool_calls", "content_filter", "function_call"}


@dataclass
class Heard:
    status: int
    facts: Facts = field(default_factory=Facts)
    departures: list[str] = field(default_factory=list)

    def demand(self, fulfilled: bool, otherwise: str) -> bool:
        if not fulfilled and otherwise not in self.departures:
            self.departures.append(otherwise)
        return fulfilled


def read(response: httpx.Response, streamed: bool) -> Heard:
    heard = Heard(response.status_code)
    kind = response.headers.get("content-type", "")
    try:
        if response.status_code >= 400:
            _error(heard, json.loads(response.content))
        elif streamed:
            heard.demand(kind.startswith("text/event-stream"), f"a stream of type {kind!r}")
            _Stream(heard).read(response.content)
        else:
            heard.demand(kind.startswith("application/json"), f"an answer of type {kind!r}")
            _answer(heard, json.loads(response.content))
    except (ValueError, AttributeError, TypeError, KeyError) as failure:
        heard.departures.append(f"unreadable: {type(failure).__name__}: {failure}")
    return heard


def _error(heard: Heard, body: dict[str, Any]) -> None:
    heard.facts.error = words_within(body)
    error = body.get("error")
    heard.demand(isinstance(error, dict) and isinstance(error.get("message"), str), "an error body without error.message")


def _envelope(heard: Heard, body: dict[str, Any], kind: str) -> None:
    heard.demand(body.get("object") == kind, f"object is {body.get('object')!r}")
    heard.demand(isinstance(body.get("id"), str) and body["id"] != "", f"id is {body.get('id')!r}")
    heard.demand(isinstance(body.get("created"), int), f"created is {body.get('created')!r}")
    heard.demand(isinstance(body.get("model"), str) and body["model"] != "", f"model is {body.get('model')!r}")
    heard.demand(isinstance(body.get("request_id"), str), f"request_id is {body.get('request_id')!r}")
    heard.demand(isinstance(body.get("choices"), list), f"choices is {body.get('choices')!r:.40}")


def _usage(heard: Heard, u: Any) -> None:
    if isinstance(u, dict):
        heard.demand(u.get("total_tokens") == u["prompt_tokens"] + u["completion_tokens"], "total_tokens is not the sum")
        heard.facts.usage = Usage(u["prompt_tokens"], u["completion_tokens"],
                                  (u.get("prompt_tokens_details") or {}).get("cached_tokens"),
                                  (u.get("completion_tokens_details") or {}).get("reasoning_tokens"))


def _said(heard: Heard, spoken: Spoken, message: dict[str, Any]) -> None:
    """What a whole message and a delta have in common."""
    content = message.get("content")
    heard.demand(content is None or isinstance(content, str), f"content is a {type(content).__name__}")
    spoken.text += content if isinstance(content, str) else ""
    spoken.refusal += message.get("refusal") or ""
    shown = [message.get(k) for k in ("reasoning_content", "reasoning", "reasoning_details")]
    spoken.reasoning += "".join(words_within(s) for s in shown)


def _finish(heard: Heard, spoken: Spoken, reason: Any) -> None:
    if reason is not None:
        heard.demand(reason in _FINISHES, f"finish_reason is {reason!r}")
        spoken.finish.append(str(reason))


def _distinct_ids(heard: Heard, spoken: Spoken) -> None:
    ids = [c.id for c in spoken.calls]
    heard.demand("" not in ids and len(set(ids)) == len(ids), f"ids of calls are {ids}")


def _answer(heard: Heard, body: dict[str, Any]) -> None:
    if body.get("error"):
        heard.facts.error = words_within(body["error"])
        heard.demand(False, f"an error under status {heard.status}")
    _envelope(heard, body, "chat.completion")
    _usage(heard, body.get("usage"))
    for position, choice in enumerate(body["choices"]):
        heard.demand(choice.get("index") == position, f"choice {position} has index {choice.get('index')!r}")
        spoken, message = heard.facts.choice(position), choice["message"]
        heard.demand(message.get("role") == "assistant", f"role is {message.get('role')!r}")
        heard.demand("content" in message, "a message without the member content")
        _said(heard, spoken, message)
        for call in message.get("tool_calls") or []:
            inner = call[call["type"]]
            spoken.calls.append(Call(inner["name"], inner.get("arguments", inner.get("input")), call.get("id") or ""))
        if message.get("function_call"):
            spoken.calls.append(Call(message["function_call"]["name"], message["function_call"]["arguments"], "legacy"))
        for call in spoken.calls:
            heard.demand(isinstance(call.arguments, str), f"arguments are a {type(call.arguments).__name__}")
        _distinct_ids(heard, spoken)
        _finish(heard, spoken, choice.get("finish_reason"))
        heard.demand(len(spoken.finish) == 1, "a choice without finish_reason")


class _Stream:
    """One stream; demands at the end what can only be known then."""

    def __init__(self, heard: Heard):
        self._heard = heard
        self._ids: set[str] = set()
        self._roles: dict[int, int] = {}
        self._usage_chunks = 0

    def read(self, raw: bytes) -> None:
        raw.decode()  # must be UTF-8
        done = False
        for data in sse_events(raw):
            self._heard.demand(not done, "events after [DONE]")
            if data == "[DONE]":
                done = True
            else:
                self._chunk(json.loads(data))
        if self._heard.facts.error is None:
            self._end(done)
        else:
            self._heard.demand(not done, "[DONE] after an error")

    def _chunk(self, chunk: dict[str, Any]) -> None:
        heard = self._heard
        if chunk.get("error"):
            heard.facts.error = words_within(chunk["error"])
            heard.demand(isinstance(chunk["error"].get("message"), str), "an error event without error.message")
            return
        _envelope(heard, chunk, "chat.completion.chunk")
        self._ids.add(chunk["id"])
        if chunk.get("usage"):
            heard.demand(chunk["choices"] == [], "usage in a chunk with choices")
            self._usage_chunks += 1
            _usage(heard, chunk["usage"])
        for choice in chunk["choices"]:
            index = choice.get("index")
            heard.demand(isinstance(index, int), f"a choice has index {index!r}")
            spoken, delta = heard.facts.choice(index), choice.get("delta")
            if not heard.demand(isinstance(delta, dict), f"delta is {delta!r}"):
                continue
            heard.demand(not spoken.finish, "a choice goes on after its finish_reason")
            if delta.get("role") is not None:
                heard.demand(delta["role"] == "assistant", f"role is {delta['role']!r}")
                self._roles[index] = self._roles.get(index, 0) + 1
            _said(heard, spoken, delta)
            for call in delta.get("tool_calls") or []:
                self._call(spoken, call)
            if delta.get("function_call"):
                self._legacy_call(spoken, delta["function_call"])
            _finish(heard, spoken, choice.get("finish_reason"))

    def _call(self, spoken: Spoken, delta: dict[str, Any]) -> None:
        index, inner = delta.get("index"), delta.get("function") or delta.get("custom") or {}
        opening = index == len(spoken.calls)
        if opening:
            self._heard.demand(delta.get("type") in ("function", "custom"), f"type of a call is {delta.get('type')!r}")
            spoken.calls.append(Call(inner.get("name") or "", "", delta.get("id") or ""))
        elif not isinstance(index, int) or not 0 <= index < len(spoken.calls):
            self._heard.demand(False, f"a call has index {index!r} after {len(spoken.calls)} calls")
            return
        else:
            self._heard.demand(not delta.get("id") and not inner.get("name"), "id or name of a call came twice")
        arguments = inner.get("arguments", inner.get("input"))
        self._heard.demand(arguments is None or isinstance(arguments, str), f"arguments are a {type(arguments).__name__}")
        spoken.calls[index].arguments += arguments if isinstance(arguments, str) else ""

    def _legacy_call(self, spoken: Spoken, delta: dict[str, Any]) -> None:
        if not spoken.calls:
            spoken.calls.append(Call(delta.get("name") or "", "", "legacy"))
        spoken.calls[0].arguments += delta.get("arguments") or ""

    def _end(self, done: bool) -> None:
        heard = self._heard
        heard.demand(done, "no [DONE]")
        heard.demand(len(self._ids) == 1, f"{len(self._ids)} ids in one stream")
        for index, spoken in heard.facts.choices.items():
            heard.demand(len(spoken.finish) == 1, f"{len(spoken.finish)} finish reasons for one choice")
            heard.demand(self._roles.get(index) == 1, f"the role came {self._roles.get(index, 0)} times")
            _distinct_ids(heard, spoken)
        if heard.facts.usage is not None:
            heard.demand(self._usage_chunks == 1, f"{self._usage_chunks} usage chunks")
