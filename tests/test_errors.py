"""Everything that can go wrong between a client and a provider, and what the client is told."""

import http.client
import json
import socket
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import openai_answers as answers
from gateway_process import KEY, Gateway, configuration, free_port
from scripted_provider import CLOSE, HANG, RESET, Reply, ScriptedProvider

ASK = {"model": "test-model", "messages": [{"role": "user", "content": "Hello."}]}
both_forms = pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])


def ask(client: httpx.Client, **fields: Any) -> httpx.Response:
    return client.post("/v1/chat/completions", json=ASK | fields)


def error_of(response: httpx.Response, status: int) -> dict[str, Any]:
    """The error object; whatever holds of every error is checked here."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/json")
    body = response.json()
    error = body["error"]
    assert error["message"] and isinstance(error["message"], str) and error["type"] and error["code"]
    assert "param" in error
    assert body["code"] == status and body["message"] == error["message"]
    assert body["request_id"] and body["request_id"] == response.headers["x-request-id"]
    for secret in (KEY, "provider-secret"):
        assert secret not in response.text
    return error


def events_of(response: httpx.Response) -> list[Any]:
    """The data of each event of a stream, parsed where it is JSON."""
    events = [e.removeprefix("data: ") for e in response.text.split("\n\n") if e.startswith("data: ")]
    return [e if e == "[DONE]" else json.loads(e) for e in events]


def still_serves(client: httpx.Client, provider: ScriptedProvider) -> None:
    provider.answer = Reply.json(answers.completion("Still here."))
    response = ask(client)
    assert response.status_code == 200, response.text
    assert response.json()["choices"][0]["message"]["content"] == "Still here."


# ---- the client's own faults ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("body, offset", [
    (b'{"model": "test-model", "messages": [}', 37), (b'{"model": }', 10), (b"", 0), (b'{"model": "a"', 13),
    (b'{"model": "\xff"}', 11), (b'{"a": 1} trailing', 9)])
def test_malformed_json_is_refused_with_its_place(client: httpx.Client, body: bytes, offset: int) -> None:
    error = error_of(client.post("/v1/chat/completions", content=body), 400)
    assert error["code"] == "invalid_json"
    assert f"byte {offset}" in error["message"], error["message"]


@pytest.mark.parametrize("body, param, code, status", [
    ({"messages": ASK["messages"]}, "model", "missing_required_parameter", 400),
    ({"model": 7, "messages": ASK["messages"]}, "model", "invalid_type", 400),
    ({"model": "test-model"}, "messages", "missing_required_parameter", 400),
    ({"model": "test-model", "messages": "Hello."}, "messages", "invalid_type", 400),
    ({"model": "test-model", "messages": [{"content": "Hello."}]}, "messages[0].role", "missing_required_parameter", 400),
    ({"model": "test-model", "messages": [{"role": "robot"}]}, "messages[0].role", "invalid_value", 400),
    (ASK | {"max_tokens": 0}, "max_tokens", "integer_below_min_value", 400),
    ({"model": "test-modle", "messages": ASK["messages"]}, "model", "model_not_found", 404),
], ids=["no model", "model is a number", "no messages", "messages is text", "no role", "unknown role", "no tokens", "unknown model"])
def test_a_wrong_body_names_the_member(
        client: httpx.Client, body: dict[str, Any], param: str, code: str, status: int) -> None:
    error = error_of(client.post("/v1/chat/completions", json=body), status)
    assert (error["param"], error["code"]) == (param, code)


OUT_OF_RANGE = pytest.mark.parametrize("members, param, code, message", [
    ({"temperature": 3}, "temperature", "decimal_above_max_value",
     "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead."),
    ({"n": 0}, "n", "integer_below_min_value",
     "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead."),
    ({"messages": []}, "messages", "empty_array",
     "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."),
], ids=["temperature", "n", "messages"])


@OUT_OF_RANGE
def test_a_provider_of_the_clients_dialect_judges_values_itself(
        client: httpx.Client, provider: ScriptedProvider, members: dict[str, Any], param: str, code: str,
        message: str) -> None:
    provider.answer = Reply.json(answers.error("Not with this model.", "invalid_request_error", "too_much"), 400)
    error = error_of(ask(client, **members), 400)
    assert (error["message"], error["code"]) == ("Not with this model.", "too_much")
    assert provider.only().json[param] == members[param]


@OUT_OF_RANGE
@pytest.mark.parametrize("api", ["anthropic.messages", "gemini"])
def test_for_a_provider_of_another_dialect_values_are_refused_as_openai_does(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, api: str, members: dict[str, Any], param: str,
        code: str, message: str) -> None:
    gateway = start_gateway(configuration(provider.url, api))
    with gateway.client() as client:
        error = error_of(ask(client, **members), 400)
    assert (error["param"], error["code"], error["message"]) == (param, code, message)
    assert error["type"] == "invalid_request_error" and provider.received == []


def test_the_nearest_model_is_named(client: httpx.Client) -> None:
    assert "test-model" in error_of(ask(client, model="test-modle"), 404)["message"]


@pytest.mark.parametrize("json_body", [[1, 2], "text", 7, None, True], ids=str)
def test_a_body_that_is_no_object(client: httpx.Client, json_body: Any) -> None:
    error_of(client.post("/v1/chat/completions", json=json_body), 400)


def test_json_nested_too_deeply_is_refused(client: httpx.Client) -> None:
    error_of(client.post("/v1/chat/completions", content=b'{"model":' + b"[" * 200_000), 400)


def test_an_oversized_body_is_refused(client: httpx.Client, provider: ScriptedProvider) -> None:
    huge = {"model": "test-model", "messages": [{"role": "user", "content": "x" * (33 << 20)}]}
    try:
        response = client.post("/v1/chat/completions", json=huge)
    except httpx.WriteError:  # the gateway may answer and close before all of it was sent
        response = None
    if response is not None:
        assert error_of(response, 413)["code"] == "request_too_large"
    assert provider.received == []
    still_serves(client, provider)


@pytest.mark.parametrize("headers", [
    {}, {"authorization": "Bearer sk-wrong"}, {"authorization": ""}, {"authorization": "Basic c2s6"}, {"x-api-key": "no"},
    {"authorization": f"Bearer {KEY}x"}], ids=str)
def test_a_missing_or_wrong_key(gateway: Gateway, provider: ScriptedProvider, headers: dict[str, str]) -> None:
    response = httpx.post(f"{gateway.url}/v1/chat/completions", json=ASK, headers=headers, trust_env=False)
    error = error_of(response, 401)
    assert error["code"] == "invalid_api_key" and error["type"] == "authentication_error"
    assert provider.received == []


@pytest.mark.parametrize("method, path", [
    ("GET", "/v1/chat/completions"), ("DELETE", "/v1/chat/completions"), ("POST", "/v1/models"), ("PUT", "/healthz")])
def test_a_wrong_method_says_which_are_right(client: httpx.Client, method: str, path: str) -> None:
    response = client.request(method, path)
    assert error_of(response, 405)["code"] == "method_not_allowed"
    assert response.headers["allow"]


@pytest.mark.parametrize("path", ["/v1/chat/completion", "/v1/embeddings", "/v2/chat/completions", "/v1/requests/no-such-id"])
def test_an_unknown_path(client: httpx.Client, path: str) -> None:
    assert error_of(client.get(path), 404)["code"] == "not_found"


# ---- the provider's faults ------------------------------------------------------------------------------------------

@both_forms
@pytest.mark.parametrize("status, body, told, code", [
    (401, answers.error("Incorrect API key provided: provider-secret.", "invalid_request_error", "invalid_api_key"), 502,
     "upstream_auth_error"),
    (403, answers.error("Your project has no access.", "permission_error"), 502, "upstream_auth_error"),
    (400, answers.error("Bad thing.", "invalid_request_error", "bad_thing"), 400, "bad_thing"),
    (404, answers.error("The model `native-model` does not exist.", "invalid_request_error", "model_not_found"), 502,
     "upstream_model_unavailable"),
    (429, answers.error("Slow down.", "rate_limit_error"), 429, "rate_limit_exceeded"),
    (429, answers.error("You exceeded your current quota.", "insufficient_quota", "insufficient_quota"), 429,
     "insufficient_quota"),
    (500, answers.error("Oops."), 502, "upstream_error"),
    (503, answers.error("Overloaded."), 503, "overloaded"),
], ids=["401", "403", "400", "404", "429", "quota", "500", "503"])
def test_a_refusal_by_the_provider(client: httpx.Client, provider: ScriptedProvider, streamed: bool, status: int,
                                   body: dict[str, Any], told: int, code: str) -> None:
    provider.answer = Reply.json(body, status)
    error = error_of(ask(client, stream=streamed), told)
    assert error["code"] == code


@both_forms
def test_retry_after_reaches_the_client(client: httpx.Client, provider: ScriptedProvider, streamed: bool) -> None:
    provider.answer = Reply.json(answers.error("Slow down.", "rate_limit_error"), 429, {"retry-after": "56"})
    response = ask(client, stream=streamed)
    error_of(response, 429)
    assert 50 <= int(response.headers["retry-after"]) <= 56


@both_forms
@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", b"null", b'"text"', b'{"error": "just text"}', b"{",
                                  b'{"error": {"message": null}}', b"\xff\xfe"], ids=repr)
def test_an_error_body_of_any_kind(client: httpx.Client, provider: ScriptedProvider, streamed: bool, body: bytes) -> None:
    provider.answer = Reply(500, {"content-type": "text/html"}, [body] if body else [], "length")
    error_of(ask(client, stream=streamed), 502)
    still_serves(client, provider)


@both_forms
def test_a_provider_that_is_not_there(start_gateway: Callable[..., Gateway], streamed: bool) -> None:
    gateway = start_gateway(configuration(f"http://127.0.0.1:{free_port()}/v1"))
    with gateway.client() as client:
        error = error_of(ask(client, stream=streamed), 502)
    assert error["code"] == "upstream_unreachable"


@both_forms
@pytest.mark.parametrize("ending", [RESET, CLOSE])
def test_a_connection_lost_before_the_answer(
        client: httpx.Client, provider: ScriptedProvider, streamed: bool, ending: str) -> None:
    provider.answer = Reply(before_head=[ending])
    error_of(ask(client, stream=streamed), 502)
    still_serves(client, provider)


@pytest.mark.parametrize("ending", [RESET, CLOSE])
def test_an_answer_cut_off_in_the_middle(client: httpx.Client, provider: ScriptedProvider, ending: str) -> None:
    whole = json.dumps(answers.completion("x" * 1000)).encode()
    provider.answer = Reply(200, {"content-type": "application/json", "content-length": str(len(whole))},
                            [whole[:500], ending], "none")
    error_of(ask(client), 502)
    still_serves(client, provider)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"not json", b'{"choices": 7}', b'{"choices": []}'], ids=repr)
def test_a_success_that_is_none(client: httpx.Client, provider: ScriptedProvider, body: bytes) -> None:
    provider.answer = Reply(200, {"content-type": "application/json"}, [body] if body else [], "length")
    error_of(ask(client), 502)
    still_serves(client, provider)


@pytest.mark.parametrize("ending", [RESET, CLOSE])
def test_a_stream_cut_off_in_the_middle_ends_in_an_error_event(
        client: httpx.Client, provider: ScriptedProvider, ending: str) -> None:
    provider.answer = Reply.sse(answers.OPENING, answers.chunk({"content": "Hel"}), answers.chunk({"content": "lo"}), ending)
    response = ask(client, stream=True)
    assert response.status_code == 200
    *chunks, last = events_of(response)
    assert "[DONE]" not in chunks and last != "[DONE]"
    assert "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks) == "Hello"
    assert last["error"]["message"] and last["error"]["type"] and last["error"]["code"]
    assert last["request_id"] == response.headers["x-request-id"]
    still_serves(client, provider)


@pytest.mark.parametrize("garbage", [b"data: {broken\n\n", b"data: []\n\n", b"data: 7\n\n"], ids=repr)
def test_a_stream_that_turns_to_garbage(client: httpx.Client, provider: ScriptedProvider, garbage: bytes) -> None:
    provider.answer = Reply.sse(answers.OPENING, answers.chunk({"content": "Hello"}), garbage, answers.DONE)
    events = events_of(ask(client, stream=True))
    assert events[-1] != "[DONE]" and "error" in events[-1]
    still_serves(client, provider)


def test_an_error_event_in_a_stream(client: httpx.Client, provider: ScriptedProvider) -> None:
    provider.answer = Reply.sse(answers.OPENING, answers.chunk({"content": "Hello"}),
                                b"event: error\n" + answers.event(answers.error("The engine stopped.")))
    events = events_of(ask(client, stream=True))
    assert "The engine stopped." in events[-1]["error"]["message"]


def test_an_error_event_before_anything_was_said_is_a_plain_error(
        client: httpx.Client, provider: ScriptedProvider) -> None:
    provider.answer = Reply.sse(answers.event(answers.error("The engine did not start.")))
    response = ask(client, stream=True)
    assert response.status_code >= 500, response.text
    assert "The engine did not start." in error_of(response, response.status_code)["message"]


# ---- time -----------------------------------------------------------------------------------------------------------

@both_forms
def test_a_provider_that_never_begins(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, streamed: bool) -> None:
    provider.answer = Reply(before_head=[HANG])
    gateway = start_gateway(configuration(provider.url + "/v1", limits={"timeouts": {"first_byte": "300ms"}}))
    with gateway.client() as client:
        begun = time.monotonic()
        error = error_of(ask(client, stream=streamed), 504)
        assert error["code"] == "timeout" and time.monotonic() - begun < 5
        assert provider.received[-1].wait().hung_up_at
        still_serves(client, provider)


def test_a_stream_that_falls_silent(start_gateway: Callable[..., Gateway], provider: ScriptedProvider) -> None:
    provider.answer = Reply.sse(answers.OPENING, answers.chunk({"content": "Hello"}), HANG)
    gateway = start_gateway(configuration(provider.url + "/v1", limits={"timeouts": {"idle": "300ms"}}))
    with gateway.client() as client:
        events = events_of(ask(client, stream=True))
        assert events[-1] != "[DONE]" and events[-1]["error"]["code"] == "timeout"
        assert provider.only().hung_up_at
        still_serves(client, provider)


# ---- what is refused before it is a request ---------------------------------------------------------------------------

_POST = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n"


@pytest.mark.parametrize("request_bytes, status, code", [
    (b"GET /healthz HTTP/1.1\r\n\r\n", 400, "invalid_request"),
    (b"nonsense\r\n\r\n", 400, "invalid_request"),
    (_POST + b"content-length: 1\r\ncontent-length: 2\r\n\r\n", 400, "invalid_request"),
    (_POST + b"content-length: 99999999999\r\n\r\n", 413, "request_too_large"),
    (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n", 414, "uri_too_long"),
    (b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 200 + b"\r\n", 431, "header_fields_too_large"),
    (_POST + b"transfer-encoding: gzip, chunked\r\n\r\n", 501, "not_implemented"),
    (b"GET / HTTP/2.0\r\nhost: x\r\n\r\n", 505, "http_version_not_supported"),
], ids=lambda value: str(value) if isinstance(value, (int, str)) else "")
def test_what_is_refused_before_it_is_a_request(gateway: Gateway, request_bytes: bytes, status: int, code: str) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as s:
        s.sendall(request_bytes)
        assert error_of(answer_on(s), status)["code"] == code


@pytest.mark.parametrize("beginning", [b"GET /hea", _POST + b"authorization: Bearer " + KEY.encode() + b"\r\ncontent-length: 9\r\n\r\n{"],
                         ids=["head", "body"])
def test_a_request_that_does_not_arrive_in_time(gateway: Gateway, beginning: bytes) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=30) as s:
        s.sendall(beginning)
        assert error_of(answer_on(s), 408)["code"] == "request_timeout"


def answer_on(s: socket.socket) -> httpx.Response:
    answer = http.client.HTTPResponse(s)
    answer.begin()
    return httpx.Response(answer.status, headers=answer.getheaders(), content=answer.read())


# ---- hostile clients --------------------------------------------------------------------------------------------------

def test_the_gateway_outlives_clients_that_vanish(client: httpx.Client, gateway: Gateway, provider: ScriptedProvider) -> None:
    head = (f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n"
            "content-type: application/json\r\ncontent-length: 1000\r\n\r\n").encode()
    for fragment in (b"", head[:20], head, head + b'{"model":', b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 99):
        with socket.create_connection(("127.0.0.1", gateway.port)) as s:
            s.sendall(fragment)
    still_serves(client, provider)
