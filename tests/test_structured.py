"""Structured output and JSON repair, on models that know schemas and on models that do not, whole and streamed."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import openai
import pytest
from pydantic import BaseModel

import openai_answers as answers
from gateway_process import KEY, Gateway
from replay.recordings import folder
from scripted_provider import Received, Reply, ScriptedProvider

REPAIR = [{"type": "json-repair"}]
SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
          "required": ["name", "age"], "additionalProperties": False}
FORMAT = {"type": "json_schema", "json_schema": {"name": "person", "strict": True, "schema": SCHEMA}}
BROKEN = "Here you are:\n```json\n{'name': 'Ann', age: 30,}\n```\nAnything else?"
both_forms = pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])


class Person(BaseModel):
    name: str
    age: int


#: One model that its provider holds to schemas, one that calls tools, one that knows nothing of JSON.
MODELS = {"native": "gpt-5.2", "tools": "claude-3-haiku-20240307", "words": "unheard-of"}


def config(url: str) -> dict[str, Any]:
    openai_provider = {"api": "openai.chat", "base_url": url + "/v1", "api_key": "provider-secret"}
    return {"store": "memory", "keys": [{"name": "tests", "secret": KEY}],
            "providers": {"chat": openai_provider,
                          "claude": {"api": "anthropic.messages", "base_url": url, "api_key": "provider-secret"}},
            "models": [{"id": "native", "targets": [{"provider": "chat", "model": "gpt-5.2"}]},
                       {"id": "spare", "targets": [{"provider": "chat", "model": "gpt-5.1"}]},
                       {"id": "tools", "targets": [{"provider": "claude", "model": "claude-3-haiku-20240307"}]}]}


@pytest.fixture
def gateway(start_gateway: Callable[..., Gateway], provider: ScriptedProvider) -> Gateway:
    return start_gateway(config(provider.url))


def said(text: str, finish: str = "stop", calls: list[tuple[str, str]] = []) -> Callable[[Received], Reply]:
    """The text, in small pieces where a stream was asked for."""
    tool_calls = [{"id": f"call_{i}", "type": "function", "function": {"name": n, "arguments": a}}
                  for i, (n, a) in enumerate(calls)]

    def answer(request: Received) -> Reply:
        if not request.json.get("stream"):
            body = answers.completion(text)
            body["choices"][0]["finish_reason"] = finish
            if calls:
                body["choices"][0]["message"]["tool_calls"] = tool_calls
            return Reply.json(body)
        pieces = [answers.chunk({"content": text[i:i + 3]}) for i in range(0, len(text), 3)]
        for i, call in enumerate(tool_calls):
            arguments = call["function"]["arguments"]
            pieces.append(answers.chunk({"tool_calls": [call | {"index": i, "function": call["function"] | {"arguments": ""}}]}))
            pieces += [answers.chunk({"tool_calls": [{"index": i, "function": {"arguments": arguments[j:j + 4]}}]})
                       for j in range(0, len(arguments), 4)]
        return Reply.sse(answers.OPENING, *pieces, answers.chunk({}, finish), answers.USAGE_CHUNK, answers.DONE)
    return answer


class Heard:
    """What a client made of an answer, whole or streamed."""

    def __init__(self, response: httpx.Response, streamed: bool):
        self.status, self.content, self.calls, self.finish = response.status_code, "", {}, None
        self.error: dict[str, Any] | None = None
        self.changes: list[dict[str, Any]] = []
        self.chunks: list[str] = []
        if response.headers["content-type"].startswith("application/json"):
            self._whole(response.json())
        else:
            assert streamed
            for event in response.text.split("\n\n"):
                if event.startswith("data: {"):
                    self._chunk(json.loads(event[6:]))

    def _whole(self, body: dict[str, Any]) -> None:
        self.error = body.get("error")
        self.changes = body.get("sluice", {}).get("changes", [])
        for choice in body.get("choices", []):
            self.content, self.finish = choice["message"]["content"], choice["finish_reason"]
            self.calls = dict(enumerate(c["function"]["arguments"] for c in choice["message"].get("tool_calls", [])))

    def _chunk(self, body: dict[str, Any]) -> None:
        self.error = body.get("error", self.error)
        self.changes = body.get("sluice", {}).get("changes", self.changes)
        for choice in body.get("choices", []):
            if choice["delta"].get("content"):
                self.chunks.append(choice["delta"]["content"])
                self.content += choice["delta"]["content"]
            for call in choice["delta"].get("tool_calls", []):
                self.calls[call["index"]] = self.calls.get(call["index"], "") + call["function"].get("arguments", "")
            self.finish = choice["finish_reason"] or self.finish


def ask(gateway: Gateway, streamed: bool, model: str = "native", **fields: Any) -> Heard:
    with gateway.client() as client:
        return Heard(client.post("/v1/chat/completions", json={
            "model": model, "messages": [{"role": "user", "content": "Who?"}], "stream": streamed} | fields), streamed)


# ---- the step json-repair -------------------------------------------------------------------------------------------

@both_forms
def test_content_is_repaired(gateway: Gateway, provider: ScriptedProvider, streamed: bool) -> None:
    provider.answer = said(BROKEN)
    heard = ask(gateway, streamed, post_processing_steps=REPAIR)
    assert json.loads(heard.content) == {"name": "Ann", "age": 30} and heard.finish == "stop"
    [change] = heard.changes
    assert change["kind"] == "repaired" and "fence" in change["reason"] and change["param"].endswith("content")


@both_forms
def test_valid_content_is_left_as_it_is(gateway: Gateway, provider: ScriptedProvider, streamed: bool) -> None:
    text = '{ "name" : "\\u00c4nn \\ud83d\\ude00",\n\t"n": 1e400, "big": 12345678901234567890 }'
    provider.answer = said(text)
    heard = ask(gateway, streamed, post_processing_steps=REPAIR)
    assert heard.content == text and not heard.changes


@both_forms
def test_without_the_step_nothing_is_repaired(gateway: Gateway, provider: ScriptedProvider, streamed: bool) -> None:
    provider.answer = said(BROKEN)
    assert ask(gateway, streamed).content == BROKEN
    assert ask(gateway, streamed, post_processing_steps=[]).content == BROKEN


@both_forms
def test_arguments_of_calls_are_repaired(gateway: Gateway, provider: ScriptedProvider, streamed: bool) -> None:
    provider.answer = said("Let me look.", "tool_calls", [("f", "{'a': 1,}"), ("g", ""), ("h", '{"b": [1, 2')])
    tools = [{"type": "function", "function": {"name": n, "parameters": {"type": "object"}}} for n in "fgh"]
    heard = ask(gateway, streamed, post_processing_steps=REPAIR, tools=tools)
    assert [json.loads(heard.calls[i]) for i in range(3)] == [{"a": 1}, {}, {"b": [1, 2]}]
    assert heard.content == "Let me look." and heard.finish == "tool_calls"


@both_forms
def test_prose_is_an_error_and_none_of_it_is_told(gateway: Gateway, provider: ScriptedProvider, streamed: bool) -> None:
    provider.answer = said("I would rather not say who lives in Rumpelheim.")
    heard = ask(gateway, streamed, post_processing_steps=REPAIR)
    assert heard.error and heard.error["code"] == "json_repair_failed" and heard.error["type"] == "post_processing_error"
    assert heard.error["details"]["reason"] == "no_json" and heard.error["details"]["step"] == "json-repair"
    assert heard.status == 500 and "Rumpelheim" not in json.dumps(heard.error) and not heard.content
    assert len(provider.received) == 1, "nothing but the step was asked for, so nothing is asked again"


def test_a_failed_repair_counts_for_fallbacks(gateway: Gateway, provider: ScriptedProvider) -> None:
    provider.answer = lambda request: said("No." if request.json["model"] == "gpt-5.2" else "{'ok': True}")(request)
    heard = ask(gateway, False, post_processing_steps=REPAIR, fallbacks=[{"model": "spare"}])
    assert json.loads(heard.content) == {"ok": True}


@both_forms
def test_what_was_cut_keeps_its_reason(gateway: Gateway, provider: ScriptedProvider, streamed: bool) -> None:
    provider.answer = said('{"story": "Once upon a ti', "length")
    heard = ask(gateway, streamed, post_processing_steps=REPAIR)
    assert json.loads(heard.content) == {"story": "Once upon a ti"} and heard.finish == "length"


def test_half_a_value_of_a_call_is_never_acted_on(gateway: Gateway, provider: ScriptedProvider) -> None:
    tools = [{"type": "function", "function": {"name": "rm", "parameters": {
        "type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}}}]
    provider.answer = said("", "length", [("rm", '{"path": "/home/u')])
    heard = ask(gateway, False, post_processing_steps=REPAIR, tools=tools)
    assert heard.error and heard.error["details"]["reason"] == "schema_mismatch" and heard.error["details"]["keyword"] == "required"


@pytest.mark.parametrize("steps, param", [
    ("json-repair", "post_processing_steps"), ([{"type": "xml-repair"}], "post_processing_steps[0].type"),
    ([{"type": "json-repair"}, 7], "post_processing_steps[1]")])
def test_steps_are_checked(gateway: Gateway, provider: ScriptedProvider, steps: Any, param: str) -> None:
    heard = ask(gateway, False, post_processing_steps=steps)
    assert heard.status == 400 and heard.error and heard.error["param"] == param and not provider.received


# ---- schemas --------------------------------------------------------------------------------------------------------

def test_a_provider_that_knows_schemas_is_given_it(gateway: Gateway, provider: ScriptedProvider) -> None:
    provider.answer = said('{"name":"Ann","age":30}')
    heard = ask(gateway, False, response_format=FORMAT)
    assert provider.only().json["response_format"] == FORMAT and not heard.changes and heard.content == '{"name":"Ann","age":30}'


def test_a_misfit_is_sent_back_once_with_what_is_wrong(gateway: Gateway, provider: ScriptedProvider) -> None:
    provider.answer = lambda request: said(
        '{"name":"Ann","age":-1}' if len(provider.received) == 1 else '{"name":"Ann","age":30}')(request)
    heard = ask(gateway, False, response_format=FORMAT)
    assert json.loads(heard.content) == {"name": "Ann", "age": 30}
    question, answer, complaint = provider.received[1].json["messages"]
    assert answer == {"role": "assistant", "content": '{"name":"Ann","age":-1}'}
    assert "/age" in complaint["content"] and complaint["role"] == "user"


@both_forms
def test_a_misfit_that_stays_is_an_error(gateway: Gateway, provider: ScriptedProvider, streamed: bool) -> None:
    provider.answer = said('{"name":"Ann","age":"30"}')
    heard = ask(gateway, streamed, response_format=FORMAT)
    assert heard.error and heard.error["code"] == "json_repair_failed"
    details = heard.error["details"]
    assert (details["reason"], details["keyword"], details["instance_path"]) == ("schema_mismatch", "type", "/age")
    if not streamed:
        assert len(provider.received) == 2


def test_how_often_is_the_clients_to_say(gateway: Gateway, provider: ScriptedProvider) -> None:
    provider.answer = said("[]")
    assert ask(gateway, False, response_format=FORMAT, sluice={"reasks": 0}).error
    assert len(provider.received) == 1


CLAUDE_CALL = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "stop_reason": "tool_use",
               "content": [{"type": "text", "text": "Here."},
                           {"type": "tool_use", "id": "toolu_1", "name": "person", "input": {"name": "Ann", "age": 30}}],
               "usage": {"input_tokens": 11, "output_tokens": 7}}


def claude_stream() -> list[bytes]:
    def event(kind: str, **fields: Any) -> bytes:
        return f"event: {kind}\ndata: {json.dumps({'type': kind} | fields)}\n\n".encode()
    return [event("message_start", message=CLAUDE_CALL | {"content": [], "stop_reason": None}),
            event("content_block_start", index=0, content_block={"type": "tool_use", "id": "toolu_1", "name": "person", "input": {}}),
            *(event("content_block_delta", index=0, delta={"type": "input_json_delta", "partial_json": piece})
              for piece in ['{"name"', ': "An', 'n", "age"', ': 30}']),
            event("content_block_stop", index=0),
            event("message_delta", delta={"stop_reason": "tool_use"}, usage={"output_tokens": 7}), event("message_stop")]


@both_forms
def test_a_model_that_only_calls_tools_has_to_call_one(gateway: Gateway, provider: ScriptedProvider, streamed: bool) -> None:
    provider.answer = Reply.sse(*claude_stream()) if streamed else Reply.json(CLAUDE_CALL)
    heard = ask(gateway, streamed, "tools", response_format=FORMAT)
    asked = provider.only().json
    assert asked["tools"][0]["name"] == "person" and asked["tools"][0]["input_schema"]["required"] == ["name", "age"]
    assert asked["tool_choice"]["type"] == "tool" and asked["tool_choice"]["name"] == "person"
    assert json.loads(heard.content) == {"name": "Ann", "age": 30} and heard.finish == "stop" and not heard.calls
    assert [(c["kind"], c["param"]) for c in heard.changes] == [("emulated", "response_format")]


def test_who_wants_no_emulation_gets_none(gateway: Gateway, provider: ScriptedProvider) -> None:
    heard = ask(gateway, False, "tools", response_format=FORMAT, unsupported_params="error")
    assert heard.status == 400 and heard.error and heard.error["param"] == "response_format" and not provider.received


@both_forms
def test_json_object_is_repaired_to_an_object(gateway: Gateway, provider: ScriptedProvider, streamed: bool) -> None:
    provider.answer = Reply.sse(*claude_stream()) if streamed else Reply.json(
        CLAUDE_CALL | {"stop_reason": "end_turn", "content": [{"type": "text", "text": BROKEN}]})
    if not streamed:
        heard = ask(gateway, streamed, "tools", response_format={"type": "json_object"})
        assert json.loads(heard.content) == {"name": "Ann", "age": 30}


@both_forms
def test_a_refusal_needs_no_form(gateway: Gateway, provider: ScriptedProvider, streamed: bool) -> None:
    body = answers.completion("")
    body["choices"][0]["message"] = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
    provider.answer = Reply.sse(
        answers.chunk({"role": "assistant", "content": None, "refusal": ""}), answers.chunk({"refusal": "I cannot help with that."}),
        answers.chunk({}, "stop"), answers.USAGE_CHUNK, answers.DONE) if streamed else Reply.json(body)
    heard = ask(gateway, streamed, response_format=FORMAT)
    assert heard.status == 200 and not heard.error


def test_a_schema_that_is_none_is_refused_with_its_place(gateway: Gateway, provider: ScriptedProvider) -> None:
    heard = ask(gateway, False, response_format={"type": "json_schema", "json_schema": {
        "name": "x", "schema": {"type": "object", "properties": {"a": {"type": "sting"}}}}})
    assert heard.status == 400 and heard.error and "/properties/a" in heard.error["message"] and not provider.received


@pytest.mark.parametrize("model", ["native", "tools"])
def test_the_sdks_parse(gateway: Gateway, provider: ScriptedProvider, model: str) -> None:
    provider.answer = said("```json\n{'name': 'Ann', 'age': 30}\n```") if model == "native" else Reply.json(CLAUDE_CALL)
    with openai.OpenAI(base_url=gateway.url + "/v1", api_key=KEY, max_retries=0) as sdk:
        answer = sdk.chat.completions.parse(model=model, messages=[{"role": "user", "content": "Who?"}], response_format=Person)
        assert answer.choices[0].message.parsed == Person(name="Ann", age=30)


# ---- shared cases: a schema, what a model wrote, and what a client must get --------------------------------------------

def _cases() -> list[Any]:
    found = folder()
    file = found.parent / "schema/structured_visible.jsonl" if found else None
    if file is None or not file.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="no cases: neither SLUICE_SHARED nor ../shared holds data/schema"))]
    return [pytest.param(case, id=case["id"]) for case in map(json.loads, file.read_text().splitlines())]


@both_forms
@pytest.mark.parametrize("case", _cases())
def test_a_case(gateway: Gateway, provider: ScriptedProvider, case: dict[str, Any], streamed: bool) -> None:
    provider.answer = said(case["output"])
    heard = ask(gateway, streamed, post_processing_steps=REPAIR, sluice={"reasks": 0}, response_format={
        "type": "json_schema", "json_schema": {"name": "case", "schema": case["schema"]}})
    if case["expect"] == "valid":
        assert heard.status == 200 and not heard.error, heard.error
        assert json.loads(heard.content) == case["value"]
        return
    assert heard.error and heard.error["code"] == "json_repair_failed"
    details = heard.error["details"]
    if case["error_keyword"] is None:
        assert details["reason"] != "schema_mismatch"
    else:
        assert (details["keyword"], details["instance_path"]) == (case["error_keyword"], case["error_path"])
