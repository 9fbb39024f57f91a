"""Signed reasoning survives a conversation that an unmodified OpenAI SDK carries: six turns, two calls in each.

The answers are made up, in the forms that the providers were recorded to use.
"""

import json
from collections.abc import Callable
from typing import Any

import openai
import pytest

from gateway_process import KEY, Gateway
from scripted_provider import Received, Reply, ScriptedProvider

TURNS = 6
TOOLS: list[Any] = [{"type": "function", "function": {
    "name": name, "description": "d", "parameters": {"type": "object", "properties": {"turn": {"type": "integer"}}}}}
    for name in ("left", "right")]


def sse(*events: dict[str, Any], named: bool = True) -> Reply:
    return Reply.sse(*((f"event: {e['type']}\n" if named else "").encode() + b"data: " + json.dumps(e).encode() + b"\n\n"
                       for e in events))


class Anthropic:
    api, model, path = "anthropic.messages", "claude-sonnet-4-5-20250929", ""

    @staticmethod
    def answer(turn: int, stream: bool) -> Reply:
        content: list[dict[str, Any]] = [
            {"type": "thinking", "thinking": f"Thought {turn}.", "signature": f"sig-{turn}/+=="},
            {"type": "redacted_thinking", "data": f"hidden-{turn}=="}]
        content += [{"type": "tool_use", "id": f"toolu_{turn}_{n}", "name": n, "input": {"turn": turn}} for n in ("left", "right")]
        message = {"id": f"msg_{turn}", "type": "message", "role": "assistant", "model": "claude", "content": content,
                   "stop_reason": "tool_use", "usage": {"input_tokens": 10, "output_tokens": 5}}
        if not stream:
            return Reply.json(message)
        events: list[dict[str, Any]] = [{"type": "message_start", "message": message | {"content": [], "stop_reason": None}}]
        for i, block in enumerate(content):
            start = {"thinking": {"type": "thinking", "thinking": "", "signature": ""}, "redacted_thinking": block}.get(
                block["type"], block | {"input": {}})
            events.append({"type": "content_block_start", "index": i, "content_block": start})
            deltas = {"thinking": [{"type": "thinking_delta", "thinking": block.get("thinking")},
                                   {"type": "signature_delta", "signature": block.get("signature")}],
                      "tool_use": [{"type": "input_json_delta", "partial_json": json.dumps(block.get("input"))}]}
            events += [{"type": "content_block_delta", "index": i, "delta": d} for d in deltas.get(block["type"], [])]
            events.append({"type": "content_block_stop", "index": i})
        events += [{"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 5}}, {"type": "message_stop"}]
        return sse(*events)

    @staticmethod
    def carried(body: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Signatures and what hangs on them, in order."""
        out: list[tuple[Any, ...]] = []
        for message in body["messages"]:
            if message["role"] == "assistant":
                for block in message["content"]:
                    kind = block["type"]
                    out.append((kind, block.get("thinking") or block.get("name"),
                                block.get("signature") or block.get("data") or block.get("id")))
        return out

    @staticmethod
    def expected(turns: int) -> list[tuple[Any, ...]]:
        out: list[tuple[Any, ...]] = []
        for t in range(turns):
            out += [("thinking", f"Thought {t}.", f"sig-{t}/+=="), ("redacted_thinking", None, f"hidden-{t}=="),
                    ("tool_use", "left", f"toolu_{t}_left"), ("tool_use", "right", f"toolu_{t}_right")]
        return out


class Gemini:
    api, model, path = "gemini", "gemini-3-flash-preview", ""

    @staticmethod
    def answer(turn: int, stream: bool) -> Reply:
        parts: list[dict[str, Any]] = [{"text": f"Thought {turn}.", "thought": True},
                                       {"functionCall": {"name": "left", "args": {"turn": turn}}, "thoughtSignature": f"c2ln{turn}+/=="},
                                       {"functionCall": {"name": "right", "args": {"turn": turn}}}]
        body = {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}],
                "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}, "responseId": f"r{turn}"}
        return sse(body, named=False) if stream else Reply.json(body)

    @staticmethod
    def carried(body: dict[str, Any]) -> list[tuple[Any, ...]]:
        return [(p["functionCall"]["name"], p["functionCall"]["args"]["turn"], p.get("thoughtSignature"))
                for content in body["contents"] if content["role"] == "model" for p in content["parts"] if "functionCall" in p]

    @staticmethod
    def expected(turns: int) -> list[tuple[Any, ...]]:
        return [row for t in range(turns) for row in (("left", t, f"c2ln{t}+/=="), ("right", t, None))]


class Responses:
    api, model, path = "openai.responses", "gpt-5.2", "/v1"

    @staticmethod
    def answer(turn: int, stream: bool) -> Reply:
        output: list[dict[str, Any]] = [{"type": "reasoning", "id": f"rs_{turn}", "encrypted_content": f"enc-{turn}==",
                                         "summary": [{"type": "summary_text", "text": f"Thought {turn}."}]}]
        output += [{"type": "function_call", "id": f"fc_{turn}_{n}", "call_id": f"call_{turn}_{n}", "name": n,
                    "arguments": json.dumps({"turn": turn}), "status": "completed"} for n in ("left", "right")]
        response = {"id": f"resp_{turn}", "object": "response", "created_at": 1760000000, "model": "gpt-5.2", "status": "completed",
                    "output": output, "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}}
        if not stream:
            return Reply.json(response)
        events: list[dict[str, Any]] = [{"type": "response.created", "response": response | {"status": "in_progress", "output": []}}]
        for i, item in enumerate(output):
            begun = item | ({"summary": [], "encrypted_content": ""} if item["type"] == "reasoning" else {"arguments": "", "status": "in_progress"})
            events.append({"type": "response.output_item.added", "output_index": i, "item": begun})
            if item["type"] == "function_call":
                events += [{"type": "response.function_call_arguments.delta", "output_index": i, "item_id": item["id"], "delta": item["arguments"]},
                           {"type": "response.function_call_arguments.done", "output_index": i, "item_id": item["id"], "arguments": item["arguments"]}]
            else:
                events.append({"type": "response.reasoning_summary_text.delta", "output_index": i, "summary_index": 0,
                               "item_id": item["id"], "delta": item["summary"][0]["text"]})
            events.append({"type": "response.output_item.done", "output_index": i, "item": item})
        return sse(*events, {"type": "response.completed", "response": response})

    @staticmethod
    def carried(body: dict[str, Any]) -> list[tuple[Any, ...]]:
        return [(item["type"], item.get("encrypted_content") or item.get("call_id"))
                for item in body["input"] if item.get("type") in ("reasoning", "function_call")]

    @staticmethod
    def expected(turns: int) -> list[tuple[Any, ...]]:
        return [row for t in range(turns) for row in (("reasoning", f"enc-{t}=="), ("function_call", f"call_{t}_left"),
                                                      ("function_call", f"call_{t}_right"))]


every_api = pytest.mark.parametrize("vendor", [Anthropic, Gemini, Responses], ids=lambda v: v.api)


def config(url: str) -> dict[str, Any]:
    providers = {v.__name__.lower(): {"api": v.api, "base_url": url + v.path, "api_key": "provider-secret"}
                 for v in (Anthropic, Gemini, Responses)}
    models = [{"id": f"model-{v.__name__.lower()}", "targets": [{"provider": v.__name__.lower(), "model": v.model}]}
              for v in (Anthropic, Gemini, Responses)]
    return {"store": "memory", "providers": providers, "models": models, "keys": [{"name": "tests", "secret": KEY}]}


def message_of(sdk: openai.OpenAI, stream: bool, **fields: Any) -> Any:
    """As the SDK gives it back; for a stream, put together by the SDK's own helper."""
    if not stream:
        return sdk.chat.completions.create(**fields).choices[0].message
    with sdk.chat.completions.stream(**fields) as events:
        for _ in events:
            pass
        return events.get_final_completion().choices[0].message


@every_api
@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
def test_six_turns(start_gateway: Callable[..., Gateway], provider: ScriptedProvider, vendor: Any, stream: bool) -> None:
    provider.answer = lambda _: vendor.answer(len(provider.received) - 1, stream)
    gateway = start_gateway(config(provider.url))
    messages: list[Any] = [{"role": "user", "content": "Go on until I say stop."}]
    with openai.OpenAI(base_url=gateway.url + "/v1", api_key=KEY, max_retries=0, timeout=30) as sdk:
        for turn in range(TURNS):
            message = message_of(sdk, stream, model=f"model-{vendor.__name__.lower()}", messages=messages, tools=TOOLS,
                                 reasoning_effort="high")
            assert [c.function.name for c in message.tool_calls] == ["left", "right"]
            messages.append(message.model_dump(exclude_none=True, exclude={"parsed"}))
            messages += [{"role": "tool", "tool_call_id": c.id, "content": f"done {turn}"} for c in message.tool_calls]
    for turn, received in enumerate(provider.received):
        assert vendor.carried(received.json) == vendor.expected(turn), f"turn {turn}"


@every_api
def test_another_family_is_not_shown_it(start_gateway: Callable[..., Gateway], provider: ScriptedProvider, vendor: Any) -> None:
    gateway = start_gateway(config(provider.url))
    provider.answer = lambda _: vendor.answer(0, False)
    messages: list[Any] = [{"role": "user", "content": "Go on."}]
    with openai.OpenAI(base_url=gateway.url + "/v1", api_key=KEY, max_retries=0, timeout=30) as sdk:
        message = message_of(sdk, False, model=f"model-{vendor.__name__.lower()}", messages=messages, tools=TOOLS, reasoning_effort="high")
        messages.append(message.model_dump(exclude_none=True))
        messages += [{"role": "tool", "tool_call_id": c.id, "content": "done"} for c in message.tool_calls]
        for other in (Anthropic, Gemini, Responses):
            if other is vendor:
                continue
            def answer(_: Received, other: Any = other) -> Reply:
                return other.answer(1, False)
            provider.answer = answer
            told = sdk.chat.completions.create(model=f"model-{other.__name__.lower()}", messages=messages, tools=TOOLS)
            sent = json.dumps(provider.received[-1].json)
            for secret in ("sig-0", "hidden-0", "c2ln0", "enc-0"):
                assert secret not in sent
            changes = (told.model_extra or {})["sluice"]["changes"]
            assert any(c["kind"] == "dropped" for c in changes), changes
