"""The official Python SDK against the gateway: what OpenAI's clients rely on, for one model of every family."""

import asyncio
import json
import time
from collections.abc import Callable
from enum import Enum
from typing import Any

import httpx
import jsonschema
import openai
import pytest
from openai import OpenAI
from pydantic import BaseModel, Field

import openai_answers as answers
from chat_stream import join
from gateway_process import KEY, Gateway, configuration
from scripted_provider import HANG, Pause, Reply, ScriptedProvider

MODELS = ["claude-sonnet-4-6", "gpt-5.2", "gemini-2.5-flash", "qwen3-32B", "kimi-k2.5", "gpt-oss-120b"]
every_model = pytest.mark.parametrize("model", MODELS)

WEATHER = {"type": "object", "additionalProperties": False, "required": ["city", "unit"], "properties": {
    "city": {"type": "string", "description": "Where"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}}}
CLOCK = {"type": "object", "additionalProperties": False, "required": ["zone"], "properties": {"zone": {"type": "string"}}}
SCHEMAS = {"get_weather": WEATHER, "get_time": CLOCK}
TOOLS: list[Any] = [{"type": "function", "function": {"name": n, "description": f"Runs {n}.", "parameters": s}}
                    for n, s in SCHEMAS.items()]


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def check_arguments(name: str, arguments: str) -> None:
    jsonschema.validate(json.loads(arguments), SCHEMAS[name])


# ---- plain answers ------------------------------------------------------------------------------------------------

def changed(answer: Any) -> list[str]:
    """Members of the request that the gateway says it could not pass on as they were."""
    return [change["param"] for change in (getattr(answer, "sluice", None) or {}).get("changes", [])]


@every_model
def test_an_answer_has_openais_shape_and_the_gateways_additions(sdk: OpenAI, model: str) -> None:
    raw = sdk.chat.completions.with_raw_response.create(model=model, messages=[user("Say hello.")])
    answer = raw.parse()

    assert answer.object == "chat.completion" and answer.id and answer.created > 1_600_000_000
    assert answer.model == model
    [choice] = answer.choices
    assert choice.index == 0 and choice.finish_reason == "stop"
    assert choice.message.role == "assistant" and choice.message.content
    assert "simulated" in choice.message.content.lower()
    usage = answer.usage
    assert usage and usage.prompt_tokens > 0 and usage.completion_tokens > 0
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.model_extra["input_tokens"] == usage.prompt_tokens
    assert usage.model_extra["output_tokens"] == usage.completion_tokens
    extra = answer.model_extra
    assert extra["request_id"] and extra["request_id"] == raw.headers["x-request-id"]
    assert extra["http_status_code"] == 200 and extra["llm_status_code"] == 200 and extra["response_time"] > 0


@every_model
def test_a_conversation_of_several_turns(sdk: OpenAI, model: str) -> None:
    messages: list[Any] = [{"role": "system", "content": "You are brief."}]
    prompt_tokens = 0
    for turn in ("My name is Ada.", "I live in Turin.", "What do you know of me?"):
        messages.append(user(turn))
        answer = sdk.chat.completions.create(model=model, messages=messages)
        messages.append(answer.choices[0].message.model_dump(exclude_none=True))
        assert answer.usage and answer.usage.prompt_tokens > prompt_tokens, "the history did not reach the model"
        prompt_tokens = answer.usage.prompt_tokens


@every_model
def test_content_parts_and_the_developer_role(sdk: OpenAI, model: str) -> None:
    answer = sdk.chat.completions.create(model=model, max_tokens=200, temperature=0.5, stop=["\n\nHuman:"], messages=[
        {"role": "developer", "content": [{"type": "text", "text": "Be kind."}]},
        {"role": "user", "name": "ada", "content": [{"type": "text", "text": "One."}, {"type": "text", "text": "Two."}]}])
    assert answer.choices[0].message.content


# ---- streams ------------------------------------------------------------------------------------------------------

@every_model
def test_a_stream_says_what_the_plain_answer_says(sdk: OpenAI, model: str) -> None:
    messages = [user("Tell me something long.")]
    plain = sdk.chat.completions.create(model=model, messages=messages)
    with sdk.chat.completions.with_streaming_response.create(
            model=model, messages=messages, stream=True, stream_options={"include_usage": True}) as raw:
        assert raw.headers["content-type"].startswith("text/event-stream")
        joined = join(raw.parse(), usage_asked=True)
        assert raw.headers["x-request-id"] == joined.request_id

    assert joined.text == plain.choices[0].message.content and joined.finish_reason == "stop"
    assert joined.model == model and joined.chunks > 3
    assert joined.usage.prompt_tokens == plain.usage.prompt_tokens
    assert joined.usage.completion_tokens == plain.usage.completion_tokens


@every_model
def test_usage_comes_only_when_asked_for(sdk: OpenAI, model: str) -> None:
    stream = sdk.chat.completions.create(model=model, messages=[user("Hello.")], stream=True)
    assert join(stream, usage_asked=False).text


def test_many_streams_at_once_do_not_mix(demo: Gateway) -> None:
    async def ask(client: openai.AsyncOpenAI, n: int) -> tuple[str, str]:
        stream = await client.chat.completions.create(
            model=MODELS[n % len(MODELS)], messages=[user(f"This is conversation number {n}.")], stream=True)
        chunks = [chunk async for chunk in stream]
        joined = join(chunks, usage_asked=False)
        return joined.text, joined.request_id

    async def all_of_them() -> list[tuple[str, str]]:
        async with openai.AsyncOpenAI(base_url=f"{demo.url}/v1", api_key="any", max_retries=0, timeout=30) as client:
            twice = [ask(client, n) for n in range(24)] + [ask(client, n) for n in range(24)]
            return await asyncio.gather(*twice)

    results = asyncio.run(all_of_them())
    assert len({request_id for _, request_id in results}) == 48
    assert [text for text, _ in results[:24]] == [text for text, _ in results[24:]]


# ---- tools --------------------------------------------------------------------------------------------------------

@every_model
def test_a_tool_call(sdk: OpenAI, model: str) -> None:
    answer = sdk.chat.completions.create(model=model, messages=[user("call get_weather")], tools=TOOLS)
    [choice] = answer.choices
    assert choice.finish_reason == "tool_calls"
    [call] = choice.message.tool_calls or []
    assert call.type == "function" and call.id and call.function.name == "get_weather"
    check_arguments("get_weather", call.function.arguments)


@every_model
def test_parallel_tool_calls(sdk: OpenAI, model: str) -> None:
    answer = sdk.chat.completions.create(
        model=model, messages=[user("call get_weather and call get_time")], tools=TOOLS, parallel_tool_calls=True)
    calls = answer.choices[0].message.tool_calls or []
    assert [c.function.name for c in calls] == ["get_weather", "get_time"]
    assert len({c.id for c in calls}) == 2
    for call in calls:
        check_arguments(call.function.name, call.function.arguments)


@every_model
def test_streamed_tool_calls(sdk: OpenAI, model: str) -> None:
    stream = sdk.chat.completions.create(model=model, messages=[user("call get_weather and call get_time")], tools=TOOLS,
                                         stream=True, stream_options={"include_usage": True})
    joined = join(stream, usage_asked=True)
    assert joined.finish_reason == "tool_calls"
    assert [c["name"] for c in joined.tool_calls] == ["get_weather", "get_time"]
    for call in joined.tool_calls:
        check_arguments(call["name"], call["arguments"])


@every_model
def test_a_named_tool_choice_is_obeyed(sdk: OpenAI, model: str) -> None:
    answer = sdk.chat.completions.create(model=model, messages=[user("Whatever you like.")], tools=TOOLS,
                                         tool_choice={"type": "function", "function": {"name": "get_time"}})
    called = [c.function.name for c in answer.choices[0].message.tool_calls or []]
    assert called == ["get_time"] or "tool_choice" in changed(answer)


@every_model
def test_tool_choice_none_is_obeyed(sdk: OpenAI, model: str) -> None:
    answer = sdk.chat.completions.create(model=model, messages=[user("call get_time")], tools=TOOLS, tool_choice="none")
    assert not answer.choices[0].message.tool_calls and answer.choices[0].message.content


@every_model
@pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])
def test_an_agent_of_ten_steps(sdk: OpenAI, model: str, streamed: bool) -> None:
    """Every call is answered in the next request; at the end each tool ran and nothing was called twice."""
    messages: list[Any] = [{"role": "system", "content": "Use the tools."}]
    ids: list[str] = []
    for step in range(10):
        name = ("get_weather", "get_time")[step % 2]
        messages.append(user(f"Step {step}: call {name}"))
        for _ in range(5):
            message = _ask(sdk, model, messages, streamed)
            messages.append(message)
            if not message.get("tool_calls"):
                break
            for call in message["tool_calls"]:
                check_arguments(call["function"]["name"], call["function"]["arguments"])
                ids.append(call["id"])
                messages.append({"role": "tool", "tool_call_id": call["id"], "content": json.dumps({"step": step})})
        else:
            pytest.fail(f"step {step} never came to an end")
    assert len(ids) >= 10 and len(set(ids)) == len(ids)
    assert messages[-1]["role"] == "assistant" and messages[-1]["content"]


def _ask(sdk: OpenAI, model: str, messages: list[Any], streamed: bool) -> dict[str, Any]:
    if streamed:
        stream = sdk.chat.completions.create(model=model, messages=messages, tools=TOOLS, stream=True)
        return join(stream, usage_asked=False).message
    answer = sdk.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    return answer.choices[0].message.model_dump(exclude_none=True)


# ---- structured outputs -------------------------------------------------------------------------------------------

class Mood(str, Enum):
    glad = "glad"
    sad = "sad"


class Person(BaseModel):
    name: str
    age: int
    mood: Mood
    languages: list[str]


@every_model
def test_an_answer_after_a_json_schema(sdk: OpenAI, model: str) -> None:
    answer = sdk.chat.completions.create(model=model, messages=[user("Describe the weather.")], response_format={
        "type": "json_schema", "json_schema": {"name": "weather", "strict": True, "schema": WEATHER}})
    jsonschema.validate(json.loads(answer.choices[0].message.content or ""), WEATHER)
    assert answer.choices[0].finish_reason == "stop"


@every_model
def test_parse_returns_the_pydantic_model(sdk: OpenAI, model: str) -> None:
    answer = sdk.chat.completions.parse(model=model, messages=[user("Describe somebody.")], response_format=Person)
    assert isinstance(answer.choices[0].message.parsed, Person)


class Recipe(BaseModel):
    """Bounds that not every provider has keywords for, and properties named like keywords."""
    title: str = Field(min_length=1, max_length=200)
    minimum: int = Field(ge=0, le=1_000_000)
    pattern: str = Field(max_length=500)
    steps: list[str] = Field(max_length=50)
    note: str | None


@every_model
def test_bounds_of_a_pydantic_model_reach_every_provider(sdk: OpenAI, model: str) -> None:
    answer = sdk.chat.completions.parse(model=model, messages=[user("A recipe, please.")], response_format=Recipe)
    assert answer.choices[0].message.parsed, answer.choices[0].message

    if model.startswith("claude"):
        assert changed(answer) == ["response_format.json_schema.schema"]


def test_bounds_of_a_strict_tool_reach_claude(sdk: OpenAI) -> None:
    answer = sdk.chat.completions.parse(model="claude-sonnet-4-6", messages=[user("Call Recipe.")], tool_choice="required",
                                        tools=[openai.pydantic_function_tool(Recipe)])
    [call] = answer.choices[0].message.tool_calls or []
    assert isinstance(call.function.parsed_arguments, Recipe)
    assert changed(answer) == ["tools[0].function.parameters"]


class Tree(BaseModel):
    name: str
    children: list["Tree"]


def test_a_strict_tool_that_claude_cannot_be_held_to_is_sent_all_the_same(sdk: OpenAI) -> None:
    answer = sdk.chat.completions.create(model="claude-sonnet-4-6", messages=[user("Call Tree.")], tool_choice="required",
                                         tools=[openai.pydantic_function_tool(Tree)])
    assert answer.choices[0].finish_reason == "tool_calls"
    assert changed(answer) == ["tools[0].function.strict"]


@every_model
def test_parse_over_a_stream(sdk: OpenAI, model: str) -> None:
    with sdk.chat.completions.stream(model=model, messages=[user("Describe somebody.")], response_format=Person) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()
    assert {"chunk", "content.delta", "content.done"} <= kinds
    assert isinstance(final.choices[0].message.parsed, Person)


@every_model
def test_a_json_object(sdk: OpenAI, model: str) -> None:
    answer = sdk.chat.completions.create(model=model, messages=[user("Describe somebody in JSON.")],
                                         response_format={"type": "json_object"})
    assert isinstance(json.loads(answer.choices[0].message.content or ""), dict)


# ---- models and credentials -----------------------------------------------------------------------------------------

def test_the_list_of_models(sdk: OpenAI) -> None:
    page = sdk.models.list()
    assert page.object == "list"
    assert {m.id for m in page.data} >= set(MODELS)
    for model in page.data:
        assert model.object == "model" and model.owned_by and isinstance(model.created, int)
    assert sdk.models.retrieve("claude-sonnet-4-6").id == "claude-sonnet-4-6"
    with pytest.raises(openai.NotFoundError):
        sdk.models.retrieve("no-such-model")


@pytest.mark.parametrize("headers", [
    {"authorization": KEY}, {"authorization": f"Bearer {KEY}"}, {"authorization": f"bearer {KEY}"}, {"x-api-key": KEY},
    {"api-key": KEY}, {"x-goog-api-key": KEY}], ids=lambda h: " ".join(f"{k}: {v}" for k, v in h.items()).replace(KEY, "KEY"))
def test_every_place_for_a_key(gateway: Gateway, provider: ScriptedProvider, headers: dict[str, str]) -> None:
    provider.answer = Reply.json(answers.completion())
    response = httpx.post(f"{gateway.url}/v1/chat/completions", headers=headers, trust_env=False,
                          json={"model": "test-model", "messages": [user("Hello.")]})
    assert response.status_code == 200, response.text
    sent = provider.only().headers
    assert sent["authorization"] == "Bearer provider-secret"
    assert KEY not in str(sent), "the client's key reached the provider"


def test_prompt_is_short_for_one_user_message(demo: Gateway) -> None:
    def ask(**body: Any) -> Any:
        response = httpx.post(f"{demo.url}/v1/chat/completions", json={"model": "gpt-5.2"} | body, trust_env=False)
        assert response.status_code == 200, response.text
        return response.json()["choices"][0]["message"]

    assert ask(prompt="Say hello.") == ask(messages=[user("Say hello.")])


# ---- errors, by the exception a client sees -------------------------------------------------------------------------

def test_an_unknown_model_names_the_nearest(sdk: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        sdk.chat.completions.create(model="claude-sonet-4-6", messages=[user("Hello.")])
    error = caught.value
    assert error.code == "model_not_found" and error.param == "model" and "claude-sonnet-4-6" in error.message
    assert error.request_id


def test_a_wrong_key(gateway: Gateway) -> None:
    with OpenAI(base_url=f"{gateway.url}/v1", api_key="sk-wrong", max_retries=0) as client:
        with pytest.raises(openai.AuthenticationError) as caught:
            client.chat.completions.create(model="test-model", messages=[user("Hello.")])
    assert caught.value.code == "invalid_api_key" and caught.value.request_id and "sk-wrong" not in str(caught.value)


@every_model
@pytest.mark.parametrize("fields, param", [
    ({"messages": [{"role": "wizard", "content": "Hello."}]}, "messages[0].role"),
    ({"messages": []}, "messages"),
    ({"temperature": "hot"}, "temperature"),
    ({"tools": [{"type": "function", "function": {}}]}, "tools[0].function.name"),
], ids=["role", "no messages", "temperature", "nameless tool"])
def test_a_bad_request_names_the_member(sdk: OpenAI, model: str, fields: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        sdk.post("/chat/completions", cast_to=object, body={"model": model, "messages": [user("Hello.")]} | fields)
    assert caught.value.param == param and caught.value.message and caught.value.request_id


@pytest.mark.parametrize("status, exception", [
    (400, openai.BadRequestError), (422, openai.APIStatusError), (429, openai.RateLimitError),
    (500, openai.InternalServerError), (503, openai.InternalServerError)])
@pytest.mark.parametrize("streamed", [False, True], ids=["plain", "streamed"])
def test_a_providers_failure_is_the_right_exception(
        scripted_sdk: OpenAI, provider: ScriptedProvider, status: int, exception: type[Exception], streamed: bool) -> None:
    provider.answer = Reply.json(answers.error("the provider's own words"), status)
    with pytest.raises(exception) as caught:
        scripted_sdk.chat.completions.create(model="test-model", messages=[user("Hello.")], stream=streamed)
    error = caught.value
    assert isinstance(error, openai.APIStatusError)
    assert "the provider's own words" in error.message and error.request_id
    assert error.body["message"] in error.message  # type: ignore[index]


# ---- hanging up -----------------------------------------------------------------------------------------------------

def test_a_clients_timeout_ends_the_providers_work(scripted_sdk: OpenAI, provider: ScriptedProvider) -> None:
    provider.answer = Reply(before_head=[HANG])
    with pytest.raises(openai.APITimeoutError):
        scripted_sdk.with_options(timeout=0.3).chat.completions.create(model="test-model", messages=[user("Hello.")])
    gone = time.monotonic()
    request = provider.only()
    assert request.hung_up_at and request.hung_up_at - gone < 0.1


@pytest.mark.parametrize("api", ["openai.chat", "anthropic.messages", "gemini"])
def test_a_stream_let_go_is_let_go_upstream_within_a_tenth_of_a_second(
        start_gateway: Callable[..., Gateway], provider: ScriptedProvider, api: str) -> None:
    provider.answer = Reply.sse(*_endless(api), HANG)
    gateway = start_gateway(configuration(provider.url, api))
    with OpenAI(base_url=f"{gateway.url}/v1", api_key=KEY, max_retries=0, timeout=10) as client:
        stream = client.chat.completions.create(model="test-model", messages=[user("Go on forever.")], stream=True)
        text = ""
        for chunk in stream:
            text += chunk.choices[0].delta.content or ""
            if text:
                break
        stream.close()
    gone = time.monotonic()
    request = provider.only()
    assert request.hung_up_at and request.hung_up_at - gone < 0.1


def _endless(api: str) -> list[bytes | Pause]:
    """The beginning of a stream that never ends, in each provider's own words."""
    if api == "openai.chat":
        return [answers.OPENING, answers.chunk({"content": "On and "}), Pause(0.05), answers.chunk({"content": "on"})]
    if api == "gemini":
        return [answers.event({"candidates": [{"index": 0, "content": {"role": "model", "parts": [{"text": word}]}}]})
                for word in ("On and ", "on")]

    def typed(body: dict[str, Any]) -> bytes:
        return b"event: " + body["type"].encode() + b"\n" + answers.event(body)

    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "native-model", "content": [],
               "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 3, "output_tokens": 1}}
    return [typed({"type": "message_start", "message": message}),
            typed({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
            typed({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "On and "}}),
            typed({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "on"}})]
