"""Bedrock's Converse and Ollama from outside: how requests are signed, and whole conversations of the official SDK with
the simulated providers, which check every signature and every turn."""

import hashlib
import hmac
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx
import openai
import pytest

from gateway_process import KEY, Gateway, binary, clean_environment, free_port
from scripted_provider import Received, Reply, ScriptedProvider

ANSWER = {"output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}}, "stopReason": "end_turn",
          "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}}
MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
ASK = {"model": "m", "messages": [{"role": "user", "content": "Grüße"}]}


def configuration(provider: dict[str, Any], models: dict[str, str]) -> dict[str, Any]:
    return {"store": "memory", "providers": {"p": provider}, "keys": [{"name": "tests", "secret": KEY}],
            "models": [{"id": i, "targets": [{"provider": "p", "model": m}]} for i, m in models.items()]}


# ---- signatures -----------------------------------------------------------------------------------------------------

def signature_of(request: Received, session_token: bool) -> str:
    """What AWS computes from the request that it got."""
    found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/(\d{8}/us-east-1/bedrock/aws4_request), "
                         r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})", request.headers["authorization"])
    assert found, request.headers["authorization"]
    scope, names = found[1], found[2].split(";")
    assert names == ["content-type", "host", "x-amz-date"] + ["x-amz-security-token"] * session_token
    lines = [request.method, quote(request.target, safe="/-_.~"), "", *(f"{n}:{request.headers[n]}" for n in names), "",
             ";".join(names), hashlib.sha256(request.body).hexdigest()]
    to_sign = "\n".join(["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope,
                         hashlib.sha256("\n".join(lines).encode()).hexdigest()])
    key = ("AWS4" + SECRET).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    assert hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest() == found[3]
    return found[3]


@pytest.mark.parametrize("session_token", [False, True])
def test_requests_to_bedrock_are_signed(start_gateway: Callable[..., Gateway], provider: ScriptedProvider,
                                        session_token: bool) -> None:
    provider.answer = Reply.json(ANSWER)
    aws = {"api": "bedrock.converse", "base_url": provider.url + "/proxy", "region": "us-east-1",
           "access_key_id": "AKIDEXAMPLE", "secret_access_key": SECRET}
    gateway = start_gateway(configuration(aws | ({"session_token": "tok/en+="} if session_token else {}), {"m": MODEL}))
    with gateway.client() as client:
        answer = client.post("/v1/chat/completions", json=ASK)
    assert answer.status_code == 200 and answer.json()["choices"][0]["message"]["content"] == "Hi"
    request = provider.only()
    assert request.target == "/proxy/model/" + quote(MODEL, safe="") + "/converse"
    assert request.headers.get("x-amz-security-token") == ("tok/en+=" if session_token else None)
    signature_of(request, session_token)
    assert SECRET.encode() not in request.body and SECRET not in str(request.headers)


def test_a_bedrock_key_goes_as_bearer(start_gateway: Callable[..., Gateway], provider: ScriptedProvider) -> None:
    provider.answer = Reply.json(ANSWER)
    gateway = start_gateway(configuration(
        {"api": "bedrock.converse", "base_url": provider.url, "api_key": "${AWS_BEARER_TOKEN_BEDROCK}"}, {"m": MODEL}),
        AWS_BEARER_TOKEN_BEDROCK="bedrock-api-key")
    with gateway.client() as client:
        assert client.post("/v1/chat/completions", json=ASK).status_code == 200
    assert provider.only().headers["authorization"] == "Bearer bedrock-api-key"
    assert "x-amz-date" not in provider.only().headers


# ---- conversations --------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([str(binary()), "simulate", "--listen", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL,
                               env=clean_environment())
    try:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/simulate/stats")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


CLOCK: Any = {"type": "function", "function": {"name": "get_time", "parameters": {
    "type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]}}}
WEATHER: Any = {"type": "function", "function": {"name": "get_weather", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}

QUICK = {"headers": {"x-simulate-pace-ms": "0"}}
PROVIDERS = {
    "claude": ({"api": "bedrock.converse", "region": "us-east-1", "access_key_id": "AKIDEXAMPLE",
                "secret_access_key": SECRET}, MODEL),
    "nova": ({"api": "bedrock.converse", "region": "us-east-1", "api_key": "k"}, "us.amazon.nova-2-lite-v1:0"),
    "mistral": ({"api": "bedrock.converse", "region": "us-east-1", "api_key": "k"}, "mistral.mistral-large-2407-v1:0"),
    "qwen": ({"api": "ollama"}, "qwen3:4b"),
    "gemma": ({"api": "ollama"}, "gemma3:1b"),
}


@pytest.fixture(params=PROVIDERS)
def speaker(request: pytest.FixtureRequest, simulator: str, start_gateway: Callable[..., Gateway]
            ) -> Iterator[tuple[str, openai.OpenAI]]:
    provider, model = PROVIDERS[request.param]
    gateway = start_gateway(configuration(provider | QUICK | {"base_url": simulator}, {"m": model}))
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=KEY, max_retries=0, timeout=30) as client:
        yield request.param, client


def ask(client: openai.OpenAI, messages: list[Any], streamed: bool, **more: Any) -> Any:
    """The message of the answer, as the SDK itself puts it together."""
    if streamed:
        with client.chat.completions.stream(model="m", messages=messages, **more) as stream:
            return stream.get_final_completion().choices[0]
    return client.chat.completions.create(model="m", messages=messages, **more).choices[0]


@pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])
def test_six_turns_with_parallel_tools_and_thinking(speaker: tuple[str, openai.OpenAI], streamed: bool) -> None:
    """The simulated Claude refuses thoughts whose signature does not fit, and calls without their results."""
    name, client = speaker
    thinks = name in ("claude", "nova", "qwen")
    messages: list[Any] = [{"role": "system", "content": "Use the tools."}]
    thoughts = 0
    for turn in range(6):
        messages.append({"role": "user", "content": f"Turn {turn}: call get_time and call get_weather"})
        for _ in range(3):
            choice = ask(client, messages, streamed, tools=[CLOCK, WEATHER],
                         **({"reasoning_effort": "low"} if thinks else {}))
            message = choice.message.model_dump(exclude_none=True)
            messages.append(message)
            thoughts += bool(message.get("reasoning_content"))
            if not message.get("tool_calls"):
                break
            assert [c["function"]["name"] for c in message["tool_calls"]] == ["get_time", "get_weather"]
            assert choice.finish_reason == "tool_calls"
            for call in message["tool_calls"]:
                assert isinstance(json.loads(call["function"]["arguments"]), dict)
                messages.append({"role": "tool", "tool_call_id": call["id"], "content": f"result {turn}"})
        assert messages[-1]["role"] == "assistant" and f"result {turn}" in messages[-1]["content"]
    assert thoughts == (12 if thinks else 0)
    if name == "claude":
        signed = [d for m in messages for d in m.get("reasoning_details", []) if d.get("signature")]
        assert len(signed) == 12 and len({d["signature"] for d in signed}) == 12


def test_a_schema_is_filled_in(speaker: tuple[str, openai.OpenAI]) -> None:
    _, client = speaker
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
              "additionalProperties": False}
    choice = ask(client, [{"role": "user", "content": "Where?"}], False, response_format={
        "type": "json_schema", "json_schema": {"name": "place", "strict": True, "schema": schema}})
    assert set(json.loads(choice.message.content)) == {"city"}


def test_a_failure_in_the_middle_of_a_stream_is_told(speaker: tuple[str, openai.OpenAI], simulator: str,
                                                     start_gateway: Callable[..., Gateway]) -> None:
    name, _ = speaker
    provider, model = PROVIDERS[name]
    faults = {"failing": "error-in-stream=4", "torn": "end-early=4", "broken": "bad-json", "cut": "truncate"}
    gateway = start_gateway(configuration(provider | QUICK | {"base_url": simulator},
                                          {k: f"{model}+fault:{v}" for k, v in faults.items()}))
    with gateway.client() as client:
        for model_id in faults:
            body = {"model": model_id, "stream": True, "messages": [{"role": "user", "content": "write 40 words"}]}
            answer = client.post("/v1/chat/completions", json=body)
            assert "[DONE]" not in answer.text, model_id
            assert '"error"' in answer.text, model_id


def test_refusals_keep_their_words(speaker: tuple[str, openai.OpenAI], simulator: str,
                                   start_gateway: Callable[..., Gateway]) -> None:
    name, _ = speaker
    provider, model = PROVIDERS[name]
    gateway = start_gateway(configuration(provider | QUICK | {"base_url": simulator}, {"m": f"{model}+fault:status=429"}))
    with gateway.client() as client:
        answer = client.post("/v1/chat/completions", json=ASK)
    assert answer.status_code == 429
    assert ("Too many requests" if "bedrock" in provider["api"] else "usage limit") in answer.json()["error"]["message"]
