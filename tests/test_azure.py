"""OpenAI's models at Azure: where requests go, how they are authorised, and what content filters say."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import openai_answers as answers
from gateway_process import KEY, Gateway, configuration
from scripted_provider import Reply, ScriptedProvider

DATED = {"deployments": True, "api_version": "2024-10-21"}
FOUND = {"hate": {"filtered": False, "severity": "safe"}, "jailbreak": {"detected": True, "filtered": True}}
SAFE = {"hate": {"filtered": False, "severity": "safe"}}
PROMPT_RESULTS = [{"prompt_index": 0, "content_filter_results": SAFE}]
REFUSED = {"error": {"message": "The response was filtered due to the prompt triggering the content management policy.",
                     "type": None, "param": "prompt", "code": "content_filter", "status": 400,
                     "innererror": {"code": "ResponsibleAIPolicyViolation", "content_filter_result": FOUND}}}

Start = Callable[[dict[str, Any]], httpx.Client]


@pytest.fixture
def at_azure(start_gateway: Callable[..., Gateway], provider: ScriptedProvider) -> Start:
    """A client of a gateway whose provider is an Azure resource with these settings."""
    def start(azure: dict[str, Any], **more: Any) -> httpx.Client:
        config = configuration(provider.url)
        config["providers"]["scripted"] |= {"azure": azure} | more
        if "entra_token" in azure:
            del config["providers"]["scripted"]["api_key"]
        config["models"] = [{"id": name, "targets": [{"provider": "scripted", "model": "my deployment"} | extra]}
                            for name, extra in (("gpt-4o", {}), ("reasoner", {"base_model": "gpt-5.4"}))]
        return start_gateway(config).client()
    return start


def ask(client: httpx.Client, model: str = "gpt-4o", **more: Any) -> httpx.Response:
    return client.post("/v1/chat/completions",
                       json={"model": model, "messages": [{"role": "user", "content": "Hello."}]} | more)


def test_a_dated_version_has_the_deployment_in_the_path_and_a_key_of_its_own(
        at_azure: Start, provider: ScriptedProvider) -> None:
    provider.answer = Reply.json(answers.completion())
    assert ask(at_azure(DATED)).status_code == 200
    request = provider.only()
    assert request.target == "/openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21"
    assert request.headers["api-key"] == "provider-secret"
    assert "authorization" not in request.headers


def test_v1_has_the_deployment_in_the_body_and_takes_a_token_of_entra(
        at_azure: Start, provider: ScriptedProvider) -> None:
    provider.answer = Reply.json(answers.completion())
    assert ask(at_azure({"entra_token": "eyJ-token", "api_version": "preview"})).status_code == 200
    request = provider.only()
    assert request.target == "/openai/v1/chat/completions?api-version=preview"
    assert request.json["model"] == "my deployment"
    assert request.headers["authorization"] == "Bearer eyJ-token"
    assert "api-key" not in request.headers


@pytest.mark.parametrize("azure, target", [({}, "/openai/v1/responses"),
                                           (DATED | {"api_version": "2025-04-01-preview"},
                                            "/openai/responses?api-version=2025-04-01-preview")])
def test_the_responses_api_never_has_the_deployment_in_the_path(
        at_azure: Start, provider: ScriptedProvider, azure: dict[str, Any], target: str) -> None:
    provider.answer = Reply.json({"error": {"code": "DeploymentNotFound", "message": "No such deployment."}}, 404)
    response = ask(at_azure(azure, api="openai.responses"))
    assert response.status_code == 502
    assert response.json()["error"]["code"] == "upstream_model_unavailable"
    request = provider.received[0]
    assert request.target == target
    assert request.json["model"] == "my deployment"


def test_what_a_deployment_takes_is_what_its_model_takes(at_azure: Start, provider: ScriptedProvider) -> None:
    client = at_azure(DATED)
    provider.answer = Reply.json(answers.completion())
    ask(client, "gpt-4o", temperature=0.5, max_tokens=9)
    assert provider.received[0].json["temperature"] == 0.5
    response = ask(client, "reasoner", temperature=0.5, max_tokens=9, reasoning_effort="high")
    assert "temperature" not in provider.received[1].json
    assert provider.received[1].json["max_completion_tokens"] == 9
    assert [c["param"] for c in response.json()["sluice"]["changes"]] == ["temperature"]


def test_tools_of_a_reasoning_model_go_to_responses_where_v1_has_it(at_azure: Start, provider: ScriptedProvider) -> None:
    provider.answer = Reply.json({"error": {"message": "no"}}, 400)
    tools = [{"type": "function", "function": {"name": "f"}}]
    ask(at_azure({}), "reasoner", tools=tools, reasoning_effort="high")
    ask(at_azure(DATED), "reasoner", tools=tools, reasoning_effort="high")
    assert [r.target.partition("?")[0] for r in provider.received] == [
        "/openai/v1/responses", "/openai/deployments/my%20deployment/chat/completions"]


def test_filter_results_of_a_whole_answer_reach_the_client(at_azure: Start, provider: ScriptedProvider) -> None:
    body = answers.completion(prompt_filter_results=PROMPT_RESULTS)
    body["choices"][0] |= {"finish_reason": "content_filter", "content_filter_results": FOUND}
    provider.answer = Reply.json(body)
    answer = ask(at_azure(DATED)).json()
    assert answer["prompt_filter_results"] == PROMPT_RESULTS
    assert answer["choices"][0]["finish_reason"] == "content_filter"
    assert answer["choices"][0]["content_filter_results"] == FOUND


def test_filter_results_of_a_stream_reach_the_client_behind_the_role(at_azure: Start, provider: ScriptedProvider) -> None:
    first = answers.event({"id": "", "object": "", "created": 0, "model": "", "choices": [],
                           "prompt_filter_results": PROMPT_RESULTS})
    late = answers.event({"id": "", "object": "", "created": 0, "model": "", "choices": [
        {"index": 0, "finish_reason": None, "content_filter_results": SAFE,
         "content_filter_offsets": {"check_offset": 0, "start_offset": 0, "end_offset": 5}}]})
    provider.answer = Reply.sse(first, answers.OPENING, answers.chunk({"content": "Hello"}), late,
                                answers.chunk({}, "content_filter"), answers.USAGE_CHUNK, answers.DONE)
    with at_azure(DATED) as client:
        text = ask(client, stream=True).text
    events = [e.removeprefix("data: ") for e in text.split("\n\n") if e.startswith("data: ")]
    assert events[-1] == "[DONE]"
    chunks = [json.loads(e) for e in events[:-1]]
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert any(c.get("prompt_filter_results") == PROMPT_RESULTS for c in chunks), text
    choices = [c["choices"][0] for c in chunks if c["choices"]]
    assert "".join(c["delta"].get("content") or "" for c in choices) == "Hello"
    assert any(c.get("content_filter_results") == SAFE for c in choices), text
    assert [c["finish_reason"] for c in choices if c["finish_reason"]] == ["content_filter"]
    assert all(c["id"] for c in chunks) and all(c["object"] == "chat.completion.chunk" for c in chunks)


@pytest.mark.parametrize("api", ["openai.chat", "openai.responses"])
def test_a_filtered_prompt_is_the_clients_fault_and_says_what_was_found(
        at_azure: Start, provider: ScriptedProvider, api: str) -> None:
    provider.answer = Reply.json(REFUSED, 400)
    response = ask(at_azure({}, api=api))
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert error["code"] == "content_filter"
    assert error["metadata"]["content_filter_result"] == FOUND
    provider.only()


@pytest.mark.parametrize("status, code", [(401, "401"), (403, "AuthenticationTypeDisabled")])
def test_a_refused_credential_is_not_the_clients_and_is_not_shown(
        at_azure: Start, provider: ScriptedProvider, status: int, code: str) -> None:
    provider.answer = Reply.json({"error": {"code": code, "message": "Access denied due to eyJhbGciOi-token."}}, status)
    response = ask(at_azure({"entra_token": "eyJhbGciOi-token"}))
    assert response.status_code == 502
    assert response.json()["error"]["code"] == "upstream_auth_error"
    assert "eyJhbGciOi-token" not in response.text
    assert KEY not in response.text
