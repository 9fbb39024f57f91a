"""One request_id opens the story of a request: after success, failure or a stream, and after a restart."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import openai_answers as answers
from gateway_process import KEY, Gateway, configuration
from scripted_provider import HANG, RESET, Reply, ScriptedProvider

ASK = {"model": "test-model", "messages": [{"role": "user", "content": "A secret question."}]}


def ask(client: httpx.Client, **fields: Any) -> httpx.Response:
    return client.post("/v1/chat/completions", json=ASK | fields)


def story(client: httpx.Client, request_id: str) -> dict[str, Any]:
    """Facts are written behind the answer, so they may come a moment later."""
    deadline = time.monotonic() + 5
    while True:
        response = client.get(f"/v1/requests/{request_id}")
        if response.status_code == 200 or time.monotonic() > deadline:
            assert response.status_code == 200, response.text
            return response.json()
        time.sleep(0.02)


def test_a_plain_answer(client: httpx.Client, provider: ScriptedProvider) -> None:
    provider.answer = Reply.json(answers.completion())
    answer = ask(client)
    told = story(client, answer.headers["x-request-id"])
    assert told["request_id"] == answer.headers["x-request-id"]
    assert told["model"] == told["requested_model"] == "test-model" and told["stream"] is False
    assert (told["http_status_code"], told["llm_status_code"], told["error"]) == (200, 200, None)
    assert (told["usage"]["prompt_tokens"], told["usage"]["completion_tokens"]) == (11, 7)
    assert told["finish_reason"] == "stop" and told["response_time"] > 0
    assert told["provider"] == "scripted" and told["upstream_model"] == "native-model" and told["key"] == "tests"
    [attempt] = told["sluice"]["attempts"]
    assert attempt["provider"] == "scripted" and attempt["model"] == "native-model" and attempt["status"] == 200


def test_a_stream(client: httpx.Client, provider: ScriptedProvider) -> None:
    provider.answer = Reply.sse(*answers.stream("Hel", "lo"))
    answer = ask(client, stream=True)
    told = story(client, answer.headers["x-request-id"])
    assert told["http_status_code"] == 200 and told["stream"] is True
    assert (told["usage"]["prompt_tokens"], told["usage"]["completion_tokens"]) == (11, 7)


@pytest.mark.parametrize("reply, status, code", [
    (Reply.json(answers.error("Oops."), 500), 502, "upstream_error"),
    (Reply.json(answers.error("No such parameter.", "invalid_request_error"), 400), 400, "invalid_request"),
    (Reply(before_head=[RESET]), 502, None),
], ids=["500", "400", "reset"])
def test_a_failure(client: httpx.Client, provider: ScriptedProvider, reply: Reply, status: int, code: str | None) -> None:
    provider.answer = reply
    answer = ask(client)
    told = story(client, answer.headers["x-request-id"])
    assert told["http_status_code"] == answer.status_code == status
    assert told["error"]["code"] == (code or answer.json()["error"]["code"])
    assert told["sluice"]["attempts"][0]["provider"] == "scripted"


def test_a_request_that_never_reached_a_provider(client: httpx.Client) -> None:
    answer = ask(client, model="no-such-model")
    told = story(client, answer.headers["x-request-id"])
    assert told["http_status_code"] == 404 and told["error"]["code"] == "model_not_found"
    assert told["requested_model"] == "no-such-model" and told["sluice"]["attempts"] == []


def test_a_stream_that_broke(client: httpx.Client, provider: ScriptedProvider) -> None:
    provider.answer = Reply.sse(answers.OPENING, answers.chunk({"content": "Hello"}), RESET)
    answer = ask(client, stream=True)
    told = story(client, answer.headers["x-request-id"])
    assert told["error"]["code"] and told["stream"] is True


def test_a_client_that_hung_up(client: httpx.Client, gateway: Gateway, provider: ScriptedProvider) -> None:
    provider.answer = Reply.sse(answers.OPENING, answers.chunk({"content": "Hello"}), HANG)
    with gateway.client() as other, other.stream("POST", "/v1/chat/completions", json=ASK | {"stream": True}) as answer:
        request_id = answer.headers["x-request-id"]
        next(answer.iter_bytes())
    told = story(client, request_id)
    assert told["error"]["code"] == "client_gone"


def test_what_was_said_is_not_kept(client: httpx.Client, provider: ScriptedProvider) -> None:
    provider.answer = Reply.json(answers.completion("A secret answer."))
    told = client.get(f"/v1/requests/{ask(client).headers['x-request-id']}")
    for secret in ("A secret question.", "A secret answer.", KEY, "provider-secret"):
        assert secret not in told.text


def test_an_unknown_request(client: httpx.Client) -> None:
    response = client.get("/v1/requests/00000000-0000-0000-0000-000000000000")
    assert response.status_code == 404 and response.json()["error"]["code"] == "not_found"


def test_a_story_is_not_for_everybody(client: httpx.Client, gateway: Gateway, provider: ScriptedProvider) -> None:
    provider.answer = Reply.json(answers.completion())
    request_id = ask(client).headers["x-request-id"]
    story(client, request_id)
    response = httpx.get(f"{gateway.url}/v1/requests/{request_id}", trust_env=False)
    assert response.status_code == 401


def test_stories_outlive_the_process(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, tmp_path: Path) -> None:
    provider.answer = lambda request: (
        Reply.sse(*answers.stream("Hello")) if request.json.get("stream") else Reply.json(answers.completion()))
    config = configuration(provider.url + "/v1", store=f"sqlite:{tmp_path}/facts.db")
    first = start_gateway(config)
    with first.client() as client:
        ids = [ask(client, stream=streamed).headers["x-request-id"] for streamed in (False, True)]
        ids.append(ask(client, model="no-such-model").headers["x-request-id"])
    first.stop()  # at once: what was answered must be on disk when it has ended
    second = start_gateway(config)
    with second.client() as client:
        assert [story(client, i)["http_status_code"] for i in ids] == [200, 200, 404]
