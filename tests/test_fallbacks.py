"""What becomes of a request whose provider fails: other targets, other models, another try; and what is told of it."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import openai_answers as answers
from gateway_process import KEY, Gateway, free_port
from scripted_provider import CLOSE, HANG, RESET, Received, Reply, ScriptedProvider

both_forms = pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])


@pytest.fixture
def spare() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as provider:
        yield provider


def good(text: str) -> Callable[[Received], Reply]:
    """Answers in the form that was asked for."""
    def answer(request: Received) -> Reply:
        if request.json.get("stream"):
            return Reply.sse(answers.OPENING, answers.chunk({"content": text}), answers.chunk({}, "stop"), answers.DONE)
        return Reply.json(answers.completion(text))
    return answer


def config(first: str, second: str, *, one_model: bool, **more: Any) -> dict[str, Any]:
    """`test-model` at the first provider; at the second as well, or the model `spare-model` there."""
    provider = {"api": "openai.chat", "api_key": "provider-secret", "regions": ["us"]}
    first_target = {"provider": "first", "model": "native-first"}
    second_target = {"provider": "second", "model": "native-second", "priority": 1}
    models = [{"id": "test-model", "targets": [first_target, second_target] if one_model else [first_target]},
              {"id": "spare-model", "targets": [second_target]}]
    return {"store": "memory", "keys": [{"name": "tests", "secret": KEY}], "models": models,
            "limits": {"timeouts": {"first_byte": "400ms", "idle": "400ms", "connect": "400ms"}},
            "providers": {"first": provider | {"base_url": first}, "second": provider | {"base_url": second}}} | more


def ask(client: httpx.Client, streamed: bool = False, **fields: Any) -> httpx.Response:
    return client.post("/v1/chat/completions", json={
        "model": "test-model", "messages": [{"role": "user", "content": "Hello."}], "stream": streamed} | fields)


def said(response: httpx.Response, streamed: bool) -> tuple[str, str, dict[str, Any]]:
    """The text, the model that says to have answered, and the report of what was unusual."""
    assert response.status_code == 200, response.text
    if not streamed:
        body = response.json()
        return body["choices"][0]["message"]["content"], body["model"], body.get("sluice", {})
    text, model, report = "", "", {}
    events = [e.removeprefix("data: ") for e in response.text.split("\n\n") if e.startswith("data: ")]
    assert events[-1] == "[DONE]", response.text
    for chunk in map(json.loads, events[:-1]):
        assert "error" not in chunk, response.text
        model, report = chunk["model"], chunk.get("sluice", report)
        for choice in chunk["choices"]:
            text += choice["delta"].get("content") or ""
    return text, model, report


def story(client: httpx.Client, response: httpx.Response) -> dict[str, Any]:
    """The record appears a moment behind the answer."""
    for _ in range(200):
        found = client.get(f"/v1/requests/{response.headers['x-request-id']}")
        if found.status_code == 200:
            return found.json()
        time.sleep(0.02)
    raise AssertionError(found.text)


#: What befalls the first provider before any content, and how it is told.
FAULTS: dict[str, tuple[Reply | None, str]] = {
    "refuses connections": (None, "upstream_unreachable"),
    "500": (Reply.json(answers.error("down"), 500), "upstream_error"),
    "500 in HTML": (Reply(500, {"content-type": "text/html"}, [b"<h1>down</h1>"], "length"), "upstream_error"),
    "503": (Reply.json(answers.error("down"), 503), "overloaded"),
    "529": (Reply.json(answers.error("overloaded"), 529), "overloaded"),
    "429": (Reply.json(answers.error("slow down"), 429, {"retry-after": "30"}), "rate_limit_exceeded"),
    "quota": (Reply.json({"error": {"message": "no money", "code": "insufficient_quota"}}, 429), "insufficient_quota"),
    "401": (Reply.json(answers.error("who?"), 401), "upstream_auth_error"),
    "never answers": (Reply(before_head=[HANG]), "timeout"),
    "resets": (Reply(before_head=[RESET]), "upstream_stream_truncated"),
    "breaks off in the head": (Reply(before_head=[b"HTTP/1.1 200", CLOSE]), "upstream_stream_truncated"),
    "200 with an error": (Reply.json(answers.error("not really")), "upstream_error"),
    "200 with garbage": (Reply(200, {"content-type": "application/json"}, [b"<html>"], "length"), "upstream_protocol_error"),
    "200 with nothing": (Reply(200, {"content-type": "application/json"}, [], "length"), "upstream_protocol_error"),
}


@both_forms
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("one_model", [True, False], ids=["other target", "other model"])
def test_a_failure_before_content_is_made_up_for(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider, fault: str, streamed: bool,
        one_model: bool) -> None:
    reply, code = FAULTS[fault]
    first = provider.url if reply else f"http://127.0.0.1:{free_port()}"
    provider.answer = reply or provider.answer
    spare.answer = good("From the spare.")
    gateway = start_gateway(config(first + "/v1", spare.url + "/v1", one_model=one_model))
    with gateway.client() as client:
        more = {} if one_model else {"fallbacks": [{"model": "spare-model"}]}
        response = ask(client, streamed, **more)
        text, model, report = said(response, streamed)
        assert text == "From the spare." and model == ("test-model" if one_model else "spare-model")
        assert response.headers["x-sluice-provider"] == "second" and response.headers["x-sluice-model"] == model
        assert response.headers["x-sluice-attempts"] == "2"
        assert [a["provider"] for a in report["attempts"]] == ["first", "second"]
        told = story(client, response)
        attempts = told["sluice"]["attempts"]
        assert [(a["provider"], a.get("error")) for a in attempts] == [("first", code), ("second", None)]
        assert attempts[1]["why"] == ("other_target" if one_model else "other_model")
        assert told["model"] == model and told["provider"] == "second" and told["http_status_code"] == 200
        assert len(spare.received) == 1


@pytest.mark.parametrize("steps", [
    [answers.OPENING, RESET], [answers.OPENING, CLOSE], [answers.OPENING, HANG], [b": waiting\n\n", HANG],
    [answers.OPENING, answers.event(answers.error("The engine stopped."))], [b"data: {\n\n"],
], ids=["reset", "closed", "stalled", "only comments", "error event", "garbage"])
def test_a_stream_that_breaks_before_content_is_made_up_for(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider, steps: list[Any]) -> None:
    provider.answer = Reply.sse(*steps)
    spare.answer = good("From the spare.")
    gateway = start_gateway(config(provider.url + "/v1", spare.url + "/v1", one_model=True))
    with gateway.client() as client:
        response = ask(client, True)
        assert said(response, True)[0] == "From the spare."
        assert len(story(client, response)["sluice"]["attempts"]) == 2


def test_a_stream_that_breaks_behind_content_is_not_begun_again(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider) -> None:
    provider.answer = Reply.sse(answers.OPENING, answers.chunk({"content": "Half"}), RESET)
    spare.answer = good("From the spare.")
    gateway = start_gateway(config(provider.url + "/v1", spare.url + "/v1", one_model=True))
    with gateway.client() as client:
        text = ask(client, True).text
        assert "Half" in text and "From the spare." not in text and '"error"' in text and not spare.received


def test_a_clients_own_fault_goes_nowhere_else(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider) -> None:
    provider.answer = Reply.json(answers.error("no such voice", "invalid_request_error"), 400)
    gateway = start_gateway(config(provider.url + "/v1", spare.url + "/v1", one_model=True))
    with gateway.client() as client:
        for _ in range(10):
            assert ask(client, fallbacks=[{"model": "spare-model"}]).status_code == 400
        assert len(provider.received) == 10 and not spare.received


def test_a_fallback_may_be_asked_at_failures_of_its_own(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider) -> None:
    provider.answer = Reply.json({"error": {"message": "too long", "code": "context_length_exceeded"}}, 400)
    spare.answer = good("There is room here.")
    gateway = start_gateway(config(provider.url + "/v1", spare.url + "/v1", one_model=False))
    with gateway.client() as client:
        assert ask(client, fallbacks=[{"model": "spare-model"}]).status_code == 400
        response = ask(client, fallbacks=[{"model": "spare-model", "on": ["context_length_exceeded"]}])
        assert said(response, False)[0] == "There is room here."


def test_a_fallback_changes_what_it_says(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider) -> None:
    provider.answer = Reply.json(answers.error("down"), 500)
    spare.answer = good("Yes.")
    gateway = start_gateway(config(provider.url + "/v1", spare.url + "/v1", one_model=False))
    with gateway.client() as client:
        said(ask(client, temperature=0.5, top_p=0.9, fallbacks=[
            {"model": "spare-model", "temperature": 0, "messages": [{"role": "user", "content": "Shorter."}]}]), False)
    [asked] = spare.received
    assert asked.json["messages"] == [{"role": "user", "content": "Shorter."}]
    assert asked.json["temperature"] == 0 and asked.json["top_p"] == 0.9 and asked.json["model"] == "native-second"
    assert "fallbacks" not in asked.json


def test_without_a_fallback_the_same_target_is_asked_again_after_half_a_second(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider) -> None:
    def second_time(request: Received) -> Reply:
        return Reply.json(answers.error("down"), 503) if len(provider.received) == 1 else good("Now.")(request)
    provider.answer = second_time
    gateway = start_gateway(config(provider.url + "/v1", spare.url + "/v1", one_model=False))
    with gateway.client() as client:
        response = ask(client)
        assert said(response, False)[0] == "Now."
        assert [a["why"] for a in story(client, response)["sluice"]["attempts"]] == ["first", "again"]
    assert 0.45 < provider.received[1].at - provider.received[0].at < 2


def test_a_client_may_do_its_own_retries(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider) -> None:
    provider.answer = Reply.json(answers.error("down"), 503)
    gateway = start_gateway(config(provider.url + "/v1", spare.url + "/v1", one_model=False))
    with gateway.client() as client:
        assert ask(client, fallback_config={"retry": False}).status_code == 503
        assert len(provider.received) == 1


@pytest.mark.parametrize("wait, asked_again", [({"retry-after": "1"}, True), ({"retry-after-ms": "700"}, True),
                                               ({"retry-after": "60"}, False)])
def test_a_provider_is_given_the_time_that_it_asks_for(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider, wait: dict[str, str],
        asked_again: bool) -> None:
    def second_time(request: Received) -> Reply:
        busy = len(provider.received) == 1
        return Reply.json(answers.error("slow down"), 429, wait) if busy else good("Now.")(request)
    provider.answer = second_time
    gateway = start_gateway(config(provider.url + "/v1", spare.url + "/v1", one_model=False))
    with gateway.client() as client:
        response = ask(client)
        assert response.status_code == (200 if asked_again else 429), response.text
        assert response.headers.get("retry-after") == (None if asked_again else "60")
    if asked_again:
        least = 1.0 if wait.get("retry-after") else 0.7
        assert least - 0.05 < provider.received[1].at - provider.received[0].at < least + 2


def test_a_target_that_fails_again_and_again_is_left_alone(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider) -> None:
    provider.answer = Reply.json(answers.error("down"), 500)
    spare.answer = good("From the spare.")
    gateway = start_gateway(config(provider.url + "/v1", spare.url + "/v1", one_model=True))
    with gateway.client() as client:
        for _ in range(30):
            said(ask(client), False)
        assert len(provider.received) < 15
        provider.answer = good("Well again.")
        deadline = time.monotonic() + 20
        while said(ask(client), False)[0] != "Well again.":
            assert time.monotonic() < deadline, "nobody noticed that it is well again"
            time.sleep(0.1)


def test_everything_failing_is_not_made_worse(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider) -> None:
    provider.answer = spare.answer = Reply.json(answers.error("down"), 500)
    gateway = start_gateway(config(provider.url + "/v1", spare.url + "/v1", one_model=True))
    with gateway.client() as client:
        for _ in range(300):
            assert ask(client).status_code == 502
    # Every core has a budget for lone failures to begin with; beyond it there are at most 1.2 attempts to a request.
    assert len(provider.received) + len(spare.received) <= 300 * 1.2 + 2 * 2 * 10


def test_fallbacks_are_checked_before_anybody_is_asked(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, spare: ScriptedProvider) -> None:
    provider.answer = good("Hello.")
    gateway = start_gateway(config(provider.url + "/v1", spare.url + "/v1", one_model=False))
    with gateway.client() as client:
        for fields, param in [({"fallbacks": [{"model": "unknown"}]}, "fallbacks[0].model"),
                              ({"fallbacks": [{}]}, "fallbacks[0].model"),
                              ({"fallback_config": {"depth": 3}}, "fallback_config.depth"),
                              ({"fallback_config": []}, "fallback_config")]:
            response = ask(client, **fields)
            assert response.status_code in (400, 404) and response.json()["error"]["param"] == param, response.text
    assert not provider.received
