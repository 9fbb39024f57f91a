"""Models that give reasoning beside tools only in OpenAI's Responses API, asked by a client of chat completions.

The client is the official SDK and knows nothing of that: what the model thought comes to it as members of a message,
which it sends back as it got them.
"""

import json
from collections.abc import Callable
from typing import Any

import openai
import pytest
from openai import OpenAI

from gateway_process import KEY, Gateway
from scripted_provider import Received, Reply, ScriptedProvider

TOOLS: list[Any] = [{"type": "function", "function": {"name": n, "parameters": {"type": "object", "properties": {
    "city": {"type": "string"}}}}} for n in ("weather", "clock")]
TURNS = 6
streamed_or_whole = pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])


class ThinkingModel:
    """Thinks twice, speaks, and calls both tools, turn after turn; then answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.sent: list[list[dict[str, Any]]] = []  # reasoning items, by turn

    def __call__(self, request: Received) -> Reply:
        self.asked.append(request.json)
        self.paths.append(request.target)
        turn = len(self.asked)
        output = self._output(turn)
        self.sent.append([i for i in output if i["type"] == "reasoning"])
        response = {"id": f"resp_{turn}", "object": "response", "created_at": 1_800_000_000, "status": "completed",
                    "model": "native-model", "error": None, "incomplete_details": None, "output": output,
                    "usage": {"input_tokens": 10 * turn, "input_tokens_details": {"cached_tokens": 4},
                              "output_tokens": 9, "output_tokens_details": {"reasoning_tokens": 5}}}
        if not request.json.get("stream"):
            return Reply.json(response)
        return Reply.sse(*(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n".encode() for e in _events(response)))

    @staticmethod
    def _output(turn: int) -> list[dict[str, Any]]:
        thoughts = [{"type": "reasoning", "id": f"rs_{turn}_{n}", "encrypted_content": f"gAAAA{turn}{n}+/=",
                     "summary": [{"type": "summary_text", "text": f"Thought {turn}.{n}.{k} \"é\""} for k in range(n)]}
                    for n in (2, 0)]
        said = {"type": "message", "id": f"msg_{turn}", "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": f"Turn {turn}.", "annotations": [], "logprobs": []}]}
        if turn > TURNS:
            return [thoughts[0], said]
        calls = [{"type": "function_call", "id": f"fc_{turn}_{tool}", "call_id": f"call_{n}", "name": tool,
                  "arguments": json.dumps({"city": f"{tool}{turn}"}), "status": "completed"}
                 for n, tool in enumerate(("weather", "clock"))]  # the ids recur in every turn, as with some hosts
        return [*thoughts, said, *calls]


def _events(response: dict[str, Any]) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = [{"type": "response.created", "response": response | {
        "status": "in_progress", "output": [], "usage": None}}]
    for place, item in enumerate(response["output"]):
        where = {"item_id": item["id"], "output_index": place}
        begun = item | {k: v for k, v in (("summary", []), ("content", []), ("arguments", ""), ("encrypted_content", "early"))
                        if k in item}
        events.append({"type": "response.output_item.added", "output_index": place, "item": begun})
        for n, part in enumerate(item.get("summary", [])):
            events += [{"type": "response.reasoning_summary_text.delta", "summary_index": n, "delta": d, **where}
                       for d in (part["text"][:4], part["text"][4:])]
        for part in item.get("content", []):
            events += [{"type": "response.output_text.delta", "content_index": 0, "delta": d, **where}
                       for d in (part["text"][:3], part["text"][3:])]
        if "arguments" in item:
            events += [{"type": "response.function_call_arguments.delta", "delta": d, **where}
                       for d in (item["arguments"][:5], item["arguments"][5:])]
            events.append({"type": "response.function_call_arguments.done", "arguments": item["arguments"], **where})
        events.append({"type": "response.output_item.done", "output_index": place, "item": item})
    events.append({"type": "response.completed", "response": response})
    return [e | {"sequence_number": n} for n, e in enumerate(events)]


def _gateway(start_gateway: Callable[..., Gateway], provider: ScriptedProvider, **provider_more: Any) -> OpenAI:
    gateway = start_gateway({
        "store": "memory",
        "providers": {"scripted": {"api": "openai.chat", "base_url": provider.url + "/v1", "api_key": "x",
                                   "regions": ["us"], **provider_more}},
        "models": [{"id": "test-model", "targets": [{"provider": "scripted", "model": "gpt-5.6-terra"}]}],
        "keys": [{"name": "tests", "secret": KEY}]})
    return OpenAI(base_url=f"{gateway.url}/v1", api_key=KEY, max_retries=0, timeout=30)


def _ask(client: OpenAI, messages: list[Any], streamed: bool, **more: Any) -> Any:
    if not streamed:
        return client.chat.completions.create(model="test-model", messages=messages, **more)
    with client.chat.completions.stream(model="test-model", messages=messages,
                                        stream_options={"include_usage": True}, **more) as stream:
        for _ in stream:
            pass
        return stream.get_final_completion()


@streamed_or_whole
def test_six_turns_with_parallel_tools_bring_back_exactly_what_was_thought(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, streamed: bool) -> None:
    model = ThinkingModel()
    provider.answer = model
    client = _gateway(start_gateway, provider, responses=True)
    messages: list[Any] = [{"role": "user", "content": "Go."}]
    for turn in range(1, TURNS + 1):
        answer = _ask(client, messages, streamed, tools=TOOLS, reasoning_effort="high")
        [choice] = answer.choices
        assert choice.finish_reason == "tool_calls" and choice.message.content == f"Turn {turn}."
        assert choice.message.model_extra["reasoning_content"] == f"Thought {turn}.2.0 \"é\"\n\nThought {turn}.2.1 \"é\""
        assert [c.function.name for c in choice.message.tool_calls] == ["weather", "clock"]
        assert answer.usage.completion_tokens_details.reasoning_tokens == 5
        messages.append(choice.message.model_dump(exclude_none=True))
        messages += [{"role": "tool", "tool_call_id": c.id, "content": f"{c.function.name} of turn {turn}"}
                     for c in reversed(choice.message.tool_calls)]
    last = _ask(client, messages, streamed, tools=TOOLS, reasoning_effort="high")

    assert last.choices[0].finish_reason == "stop" and last.choices[0].message.content == f"Turn {TURNS + 1}."
    assert model.paths == ["/v1/responses"] * (TURNS + 1)
    items = model.asked[-1]["input"]
    thought = [i for i in items if i["type"] == "reasoning"]
    assert [i["encrypted_content"] for i in thought] == [i["encrypted_content"] for s in model.sent[:-1] for i in s]
    assert [i["summary"] for i in thought] == [i["summary"] for s in model.sent[:-1] for i in s]
    _check_order(items)


def _check_order(items: list[dict[str, Any]]) -> None:
    """Each turn as the model gave it, its results behind it, under ids of their own."""
    turn = ["reasoning", "reasoning", "message", "function_call", "function_call",
            "function_call_output", "function_call_output"]
    assert [i["type"] for i in items] == ["message"] + turn * TURNS
    calls = [i for i in items if i["type"] == "function_call"]
    results = [i for i in items if i["type"] == "function_call_output"]
    assert len({c["call_id"] for c in calls}) == 2 * TURNS
    assert [r["call_id"] for r in results] == [c["call_id"] for c in calls]
    assert [r["output"] for r in results] == [f"{tool} of turn {n}" for n in range(1, TURNS + 1) for tool in ("weather", "clock")]


def test_chat_completions_are_asked_where_they_give_all(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider) -> None:
    answer = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}]}
    provider.answer = Reply.json(answer)
    client = _gateway(start_gateway, provider, responses=True)
    for more in ({}, {"reasoning_effort": "high"}, {"tools": TOOLS, "reasoning_effort": "none"}):
        assert _ask(client, [{"role": "user", "content": "Hi"}], False, **more).choices[0].message.content == "Hi"
    assert {r.target for r in provider.received} == {"/v1/chat/completions"}


def test_a_host_that_does_not_say_so_is_not_asked_for_responses(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider) -> None:
    provider.answer = Reply.json({"error": {"message": "no", "type": "invalid_request_error"}}, 400)
    client = _gateway(start_gateway, provider)
    with pytest.raises(openai.BadRequestError):
        _ask(client, [{"role": "user", "content": "Hi"}], False, tools=TOOLS, reasoning_effort="high")
    assert provider.only().target == "/v1/chat/completions"


@streamed_or_whole
def test_the_simulator_knows_its_encrypted_thoughts_again(demo: Gateway, streamed: bool) -> None:
    """It refuses what it has not encrypted, so an answer shows that nothing was changed on the way."""
    with OpenAI(base_url=f"{demo.url}/v1", api_key="any", max_retries=0, timeout=30) as client:
        messages: list[Any] = [{"role": "user", "content": "loop 3: call weather and call clock"}]
        for _ in range(4):
            arguments: dict[str, Any] = {"model": "gpt-5", "messages": messages, "tools": TOOLS,
                                         "extra_body": {"reasoning": {"effort": "high"}}}
            if streamed:
                with client.chat.completions.stream(**arguments) as stream:
                    for _ in stream:
                        pass
                    message = stream.get_final_completion().choices[0].message
            else:
                message = client.chat.completions.create(**arguments).choices[0].message
            kept = message.model_extra["reasoning_details"]
            assert [d["type"] for d in kept] == ["reasoning.summary", "reasoning.encrypted"]
            messages.append(message.model_dump(exclude_none=True))
            messages += [{"role": "tool", "tool_call_id": c.id, "content": "done"} for c in message.tool_calls or []]
        assert message.content and not message.tool_calls


def test_hosted_tools_go_to_responses_as_they_are_named(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider) -> None:
    provider.answer = Reply.json({"id": "resp_1", "model": "m", "status": "completed", "created_at": 1, "output": [
        {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "q"}},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "See it.", "annotations": [
            {"type": "url_citation", "url": "https://a.b", "title": "A", "start_index": 0, "end_index": 3}]}]}]})
    client = _gateway(start_gateway, provider, responses=True)
    hosted = {"type": "web_search", "search_context_size": "low"}
    answer = _ask(client, [{"role": "user", "content": "Search."}], False, tools=[hosted])
    assert provider.only().json["tools"] == [hosted]
    [choice] = answer.choices
    assert choice.finish_reason == "stop" and not choice.message.tool_calls
    [cited] = choice.message.annotations
    assert cited.type == "url_citation" and cited.url_citation.url == "https://a.b" and cited.url_citation.end_index == 3
    assert choice.message.model_extra["provider_blocks"][0]["type"] == "web_search_call"


@streamed_or_whole
def test_failures_inside_an_answer_are_failures(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, streamed: bool) -> None:
    failed = {"id": "resp_1", "status": "failed", "output": [], "error": {"code": "rate_limit_exceeded", "message": "slow down"}}
    event = {"type": "response.failed", "response": failed, "sequence_number": 0}
    provider.answer = Reply.sse(f"data: {json.dumps(event)}\n\n".encode()) if streamed else Reply.json(failed)
    client = _gateway(start_gateway, provider, responses=True)
    with pytest.raises(openai.RateLimitError, match="slow down"):
        _ask(client, [{"role": "user", "content": "Hi"}], streamed, tools=TOOLS, reasoning_effort="high")
