"""The judge of the recordings, judged: a right answer passes, and every kind of damage to it is found."""

import copy
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import openai_answers as answers
from replay import client_heard, judge, provider_said
from replay.recordings import Recording

CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
PLAIN = answers.completion() | {"request_id": "r", "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {
    "role": "assistant", "content": "Hello.", "reasoning_content": "Hm.", "tool_calls": [CALL]}}]}


def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "request_id": "r",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


STREAM: list[Any] = [
    chunk({"role": "assistant", "content": ""}), chunk({"reasoning_content": "Hm."}), chunk({"content": "Hello."}),
    chunk({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}}]}),
    chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"a": 1}'}}]}), chunk({}, "tool_calls"),
    chunk({}) | {"choices": [], "usage": answers.USAGE}, "[DONE]"]


def judged(response: httpx.Response, streamed: bool) -> list[str]:
    recording = Recording("r", "openai.chat", "openai", {"stream": streamed}, {"status": 200, "body": PLAIN})
    plain = Recording("r", "openai.chat", "openai", {}, {"status": 200, "body": PLAIN})
    return judge.differences(recording, provider_said.read(plain), client_heard.read(response, streamed))


def plain(body: Any, status: int = 200) -> list[str]:
    return judged(httpx.Response(status, json=body), False)


def stream(events: list[Any]) -> list[str]:
    text = "".join(f"data: {e if isinstance(e, str) else json.dumps(e)}\n\n" for e in events)
    return judged(httpx.Response(200, headers={"content-type": "text/event-stream"}, text=text), True)


def test_right_answers_pass() -> None:
    assert plain(PLAIN) == []
    assert stream(STREAM) == []


def _in_message(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda body: body["choices"][0]["message"].update({key: value})


@pytest.mark.parametrize("damage, aspect", [
    (_in_message("content", "Hallo."), "text"),
    (_in_message("content", None), "text"),
    (_in_message("content", ["Hello."]), "shape"),
    (_in_message("reasoning_content", ""), "reasoning"),
    (_in_message("tool_calls", []), "tools"),
    (_in_message("tool_calls", [CALL, CALL]), "tools"),
    (_in_message("tool_calls", [CALL | {"function": {"name": "f", "arguments": '{"a": true}'}}]), "arguments"),
    (_in_message("role", "user"), "shape"),
    (lambda body: body["choices"][0].update(finish_reason="length"), "finish"),
    (lambda body: body["choices"][0].update(finish_reason=None), "finish"),
    (lambda body: body["choices"][0].update(index=1), "shape"),
    (lambda body: body["choices"].append(copy.deepcopy(body["choices"][0])), "choices"),
    (lambda body: body.update(usage=None), "usage"),
    (lambda body: body.update(usage={"prompt_tokens": 11, "completion_tokens": 8, "total_tokens": 19}), "usage"),
    (lambda body: body.update(object="chat"), "shape"),
    (lambda body: body.pop("id"), "shape"),
], ids=lambda v: v if isinstance(v, str) else None)
def test_damage_to_a_plain_answer_is_found(damage: Callable[[dict[str, Any]], Any], aspect: str) -> None:
    body = copy.deepcopy(PLAIN)
    damage(body)
    assert any(d.startswith(aspect + ":") for d in plain(body)), plain(body)


@pytest.mark.parametrize("damage, aspect", [
    (lambda events: events.pop(), "shape"),  # no [DONE]
    (lambda events: events.pop(0), "shape"),  # no role
    (lambda events: events.insert(1, events[0]), "shape"),  # the role twice
    (lambda events: events.pop(2), "text"),
    (lambda events: events.insert(2, events[2]), "text"),
    (lambda events: events.pop(4), "arguments"),
    (lambda events: events.insert(4, events[3]), "shape"),  # a call opened twice
    (lambda events: events.pop(5), "finish"),
    (lambda events: events.insert(5, events[5]), "shape"),  # two finishes
    (lambda events: events.append(events[2]), "shape"),  # after [DONE]
    (lambda events: events[2].update(id="other"), "shape"),
    (lambda events: events[2].update(usage=answers.USAGE), "shape"),
    (lambda events: events.pop(6), "usage"),
    (lambda events: events.insert(3, {"error": {"message": "No."}}), "error"),
    (lambda events: events.insert(3, "{broken"), "shape"),
], ids=lambda v: v if isinstance(v, str) else None)
def test_damage_to_a_stream_is_found(damage: Callable[[list[Any]], Any], aspect: str) -> None:
    events = copy.deepcopy(STREAM)
    damage(events)
    assert any(d.startswith(aspect + ":") for d in stream(events)), stream(events)


@pytest.mark.parametrize("status, message, told_status, told, right", [
    (401, "Bad key.", 502, "Bad key.", True),
    (401, "Bad key.", 401, "Bad key.", False),
    (429, "Slow down please.", 429, "Slow down please.", True),
    (429, "Slow down please.", 503, "Slow down please.", False),
    (500, "The engine exploded.", 502, "The engine exploded.", True),
    (500, "The engine exploded.", 502, "Something went wrong.", False),
    (400, "Temperature is out of range.", 200, "", False),
])
def test_failures(status: int, message: str, told_status: int, told: str, right: bool) -> None:
    recording = Recording("r", "openai.chat", "openai", {}, {"status": status, "body": answers.error(message)})
    body = PLAIN if told_status == 200 else answers.error(told)
    heard = client_heard.read(httpx.Response(told_status, json=body), False)
    assert (judge.differences(recording, provider_said.read(recording), heard) == []) is right
