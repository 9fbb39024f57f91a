"""The facts, from the provider's own bytes: one small reader per API, written from the providers' documents.

Where the documents leave more than one right way to tell a client, `Said` holds them all.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from .facts import Call, Facts, Spoken, Usage, words_within
from .recordings import Recording


@dataclass
class Said:
    facts: Facts
    finishes: dict[int, set[str]] = field(default_factory=dict)  # per choice, in OpenAI's words
    texts: dict[int, list[str]] = field(default_factory=dict)  # other right readings of the text
    pieces: dict[int, list[str]] = field(default_factory=dict)  # the text in parts, where something was shown between them
    usages: list[Usage] = field(default_factory=list)  # [] where the provider does not count
    may_fail: bool = False  # an error is right too
    open_question: str = ""  # why nothing can be demanded


_FINISHES = {
    "stop": "stop", "end_turn": "stop", "stop_sequence": "stop", "pause_turn": "stop", "eos": "stop",
    "length": "length", "max_tokens": "length", "model_length": "length", "model_context_window_exceeded": "length",
    "tool_calls": "tool_calls", "tool_call": "tool_calls", "tool_use": "tool_calls", "function_call": "tool_calls",
    "content_filter": "content_filter", "refusal": "content_filter", "sensitive": "content_filter",
}


def read(recording: Recording) -> Said:
    if recording.status >= 400:
        body = recording.response.get("body", recording.response.get("raw"))
        return Said(Facts(error=error_words(body)))
    said = _READERS[recording.api](recording)
    if said.facts.error is None and not said.open_question and not any(said.finishes.values()):
        said.open_question = "the recording has no end"
    said.usages = [u for u in said.usages if u.prompt or u.completion]
    return said


def error_words(body: Any) -> str:
    """What a person is meant to read, whatever shape the error has."""
    if isinstance(body, str):
        try:
            return error_words(json.loads(body))
        except ValueError:
            return body
    if isinstance(body, list):
        return " ".join(error_words(b) for b in body)
    if not isinstance(body, dict):
        return ""
    for key in ("error", "message", "Message", "detail", "msg"):
        if body.get(key):
            inner = error_words(body[key])
            if inner:
                return inner
    return words_within(body)


# ---- OpenAI chat completions ------------------------------------------------------------------------------------------

def _chat(recording: Recording) -> Said:
    said = Said(Facts())
    native: dict[int, set[str]] = {}
    for body in recording.bodies:
        counts = body.get("usage") or (body.get("x_groq") or {}).get("usage")
        if isinstance(counts, dict) and counts.get("prompt_tokens") is not None:
            said.usages = _chat_usages(counts, recording.provider)
        error, finished = body.get("error"), any(native.values())
        for choice in body.get("choices") or []:
            index = choice.get("index") or 0
            _chat_message(said.facts.choice(index), choice.get("delta" if recording.streamed else "message") or {})
            if choice.get("finish_reason") is not None:
                native.setdefault(index, set()).add(choice["finish_reason"].lower())
            error = error or choice.get("error")
        if error:
            # what comes after the end of an answer changes nothing that the client was told
            said.may_fail = finished and not body.get("choices")
            said.facts.error = None if said.may_fail else error_words(error)
    for index, spoken in said.facts.choices.items():
        said.finishes[index] = _chat_finishes(native.get(index, set()), bool(spoken.calls))
        head, mark, tail = spoken.text.partition("</think>")
        if mark:  # reasoning that the host left in the text: a gateway may split it off
            said.texts[index] = [tail, tail.lstrip()]
    said.may_fail |= not any(native.values())
    if not said.facts.choices and said.facts.error is None:
        said.open_question = "the recording has no choice"
    return said


def _chat_finishes(native: set[str], calls: bool) -> set[str]:
    """A host's `stop` beside calls, its `tool_calls` without one, and no word at all may be kept or put right."""
    finishes = {_FINISHES.get(n, "stop") for n in native} or {"stop"}
    right = "tool_calls" if calls else "stop"
    return finishes | {right} if finishes <= {"stop", "tool_calls"} else finishes


def _chat_message(spoken: Spoken, message: dict[str, Any]) -> None:
    content = message.get("content")
    if isinstance(content, str):
        spoken.text += content
    for part in content if isinstance(content, list) else []:
        if part.get("type") == "thinking":
            spoken.reasoning += words_within(part["thinking"])
        else:
            spoken.text += part.get("text") or ""
    spoken.refusal += message.get("refusal") or ""
    spoken.reasoning += "".join(message[k] for k in ("reasoning", "reasoning_content") if isinstance(message.get(k), str))
    spoken.reasoning += "".join(d.get("text") or d.get("summary") or "" for d in message.get("reasoning_details") or [])
    for delta in message.get("tool_calls") or []:
        custom = delta.get("custom") or {}
        function = delta.get("function") or {"name": custom.get("name"), "arguments": custom.get("input")}
        _chat_call(spoken.calls, delta.get("id") or "", delta.get("index"), function)
    legacy = message.get("function_call")
    if legacy and (legacy.get("name") or not message.get("tool_calls") and spoken.calls):
        _chat_call(spoken.calls, "", 0, legacy)


def _chat_call(calls: list[Call], ident: str, index: Any, function: dict[str, Any]) -> None:
    """An id that is new begins a call, whatever its index; without an id the index decides, else it is the latest call."""
    positions = {getattr(c, "index", None): c for c in calls}
    if ident:
        call = next((c for c in calls if c.id == ident), None)
    else:
        call = positions.get(index) if index is not None else calls[-1] if calls else None
    if call is None:
        call = Call(id=ident)
        call.index = index  # type: ignore[attr-defined]
        calls.append(call)
    call.name = call.name or function.get("name") or ""
    arguments = function.get("arguments")
    call.arguments += arguments if isinstance(arguments, str) else "" if arguments is None else json.dumps(arguments)


def _chat_usages(u: dict[str, Any], provider: str) -> list[Usage]:
    prompt, completion = _count(u.get("prompt_tokens")), _count(u.get("completion_tokens"))
    cached = _count((u.get("prompt_tokens_details") or {}).get("cached_tokens"))
    reasoning = _count((u.get("completion_tokens_details") or {}).get("reasoning_tokens"))
    right = [Usage(prompt, completion, cached, reasoning)]
    if reasoning and completion is not None and (provider == "xai" or reasoning > completion):
        right.append(Usage(prompt, completion + reasoning, cached, reasoning))  # counted beside the completion
    if cached and prompt is not None and cached > prompt:
        right += [Usage(cached + prompt, r.completion, cached, reasoning) for r in list(right)]  # beside the prompt
    return right


def _count(n: Any) -> int | None:
    return int(n) if isinstance(n, (int, float)) and not isinstance(n, bool) else None


# ---- OpenAI responses --------------------------------------------------------------------------------------------------

def _responses(recording: Recording) -> Said:
    final: dict[str, Any] = {}
    items: dict[int, dict[str, Any]] = {}
    pieces, error = "", None
    for event in recording.bodies if recording.streamed else []:
        match event["type"]:
            case "response.output_item.done":
                items[event["output_index"]] = event["item"]
            case "response.output_text.delta":
                pieces += event["delta"]
            case "response.completed" | "response.incomplete" | "response.failed":
                final = event["response"]
            case "error":
                error = error_words(event)
    if not recording.streamed:
        [final] = recording.bodies
        items = dict(enumerate(final["output"]))
    if final.get("error"):
        error = error or error_words(final["error"])
    said = Said(Facts(error=error))
    spoken = said.facts.choice(0)
    for _, item in sorted(items.items()):
        _responses_item(spoken, item, offers_custom_tools(recording))
    if recording.streamed and not spoken.text.startswith(pieces):
        said.texts[0] = [pieces]  # one recording was edited: its pieces say something else than its end
    status = final.get("status")
    if status == "incomplete":
        filtered = (final.get("incomplete_details") or {}).get("reason") == "content_filter"
        said.finishes[0] = {"content_filter" if filtered else "length"}
    elif status == "completed":
        said.finishes[0] = {"tool_calls" if spoken.calls else "stop"}
    elif error is None:
        said.open_question = f"the answer is not there yet: {status}"
    if u := final.get("usage"):
        said.usages = [Usage(u["input_tokens"], u["output_tokens"],
                             (u.get("input_tokens_details") or {}).get("cached_tokens"),
                             (u.get("output_tokens_details") or {}).get("reasoning_tokens"))]
    return said


def offers_custom_tools(recording: Recording) -> bool:
    """Without such an offer, custom calls are those of tools that the provider runs itself."""
    tools = (recording.request or {}).get("tools") if isinstance(recording.request, dict) else None
    return any(t.get("type") == "custom" for t in tools or [])


def _responses_item(spoken: Spoken, item: dict[str, Any], custom_tools: bool) -> None:
    match item["type"]:
        case "message":
            for part in item.get("content") or []:
                spoken.text += part.get("text") or ""
                spoken.refusal += part.get("refusal") or ""
        case "reasoning":
            spoken.reasoning += "".join(p.get("text") or "" for p in (item.get("summary") or []) + (item.get("content") or []))
        case "function_call":
            spoken.calls.append(Call(item["name"], item.get("arguments") or ""))
        case "custom_tool_call" if custom_tools:
            spoken.calls.append(Call(item["name"], item.get("input") or ""))


# ---- Anthropic messages -----------------------------------------------------------------------------------------------

def _messages(recording: Recording) -> Said:
    blocks: dict[int, dict[str, Any]] = {}
    usage: dict[str, Any] = {}
    stop, error = None, None
    if not recording.streamed:
        [body] = recording.bodies
        blocks, usage, stop = dict(enumerate(body["content"])), body["usage"], body["stop_reason"]
    for event in recording.bodies if recording.streamed else []:
        match event["type"]:
            case "message_start":
                usage = dict(event["message"]["usage"])
                for at, block in enumerate(event["message"].get("content") or []):
                    blocks[at - 1000] = block
            case "content_block_start":
                blocks[event["index"]] = dict(event["content_block"])
            case "content_block_delta":
                block = blocks[event["index"]]
                for key in ("text", "thinking", "partial_json"):
                    if key in event["delta"]:
                        block[key] = (block.get(key) or "") + event["delta"][key]
            case "message_delta":
                stop = event["delta"].get("stop_reason") or stop
                usage |= {k: v for k, v in (event.get("usage") or {}).items() if v is not None}
            case "error":
                error = error_words(event)
    facts = Facts(error=error)
    spoken = facts.choice(0)
    for _, block in sorted(blocks.items()):
        if block["type"] == "text":
            spoken.text += block.get("text") or ""
        elif block["type"] == "thinking":
            spoken.reasoning += block.get("thinking") or ""
        elif block["type"] == "tool_use":
            spoken.calls.append(Call(block["name"], block.get("partial_json") or json.dumps(block.get("input") or {})))
    said = Said(facts, {0: {_FINISHES[stop]} if stop else set()}, usages=_message_usages(usage))
    if spoken.calls and said.finishes[0] == {"stop"}:
        said.open_question = "calls that the provider's own code made and answered"
    return said


def _message_usages(u: dict[str, Any]) -> list[Usage]:
    """Cached tokens are counted beside `input_tokens`. A compacted turn ran in several rounds of which the top level
    shows the last; both the last and the sum are right."""
    def added(rounds: list[dict[str, Any]], *keys: str) -> int:
        return sum(r.get(k) or 0 for r in rounds for k in keys)

    rounds = [r for r in u.get("iterations") or [] if r.get("type") in ("message", "compaction")]
    thinking = (u.get("output_tokens_details") or {}).get("thinking_tokens")
    return [Usage(added(r, "input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"),
                  added(r, "output_tokens"), added(r, "cache_read_input_tokens"), thinking) for r in ([u], rounds) if r]


# ---- Gemini -----------------------------------------------------------------------------------------------------------

_GEMINI_FILTERED = {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "MODEL_ARMOR"}
_GEMINI_NUMBERS = {1: "STOP", 2: "MAX_TOKENS", 3: "SAFETY", 4: "RECITATION"}


def _gemini(recording: Recording) -> Said:
    said = Said(Facts())
    native: dict[int, Any] = {}
    arguments: dict[int, dict[str, Any]] = {}  # of the latest call of each choice
    latest: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    blocked = False
    for chunk in recording.bodies:
        if "error" in chunk:
            said.facts.error = error_words(chunk)
        blocked |= bool((chunk.get("promptFeedback") or {}).get("blockReason"))
        latest = chunk.get("usageMetadata") or latest
        merged |= latest
        for candidate in chunk.get("candidates") or []:
            index = candidate.get("index") or 0
            native[index] = candidate.get("finishReason") or native.get(index)
            for part in (candidate.get("content") or {}).get("parts") or []:
                _gemini_part(said, index, part, arguments)
            said.facts.choice(index)
    for index, spoken in said.facts.choices.items():
        said.finishes[index], fails = _gemini_finish(native.get(index), bool(spoken.calls))
        said.may_fail |= fails
    if blocked and not said.facts.choices:
        said.facts.choice(0)
        said.finishes, said.may_fail = {0: {"content_filter"}}, True
    elif not said.facts.choices and said.facts.error is None:
        said.open_question = "the recording has no candidate"
    # the counters are totals so far: the last object counts, and what it leaves out may keep its earlier value
    said.usages = [_gemini_usage(u) for u in (latest, merged) if "promptTokenCount" in u]
    return said


def _gemini_part(said: Said, index: int, part: dict[str, Any], arguments: dict[int, dict[str, Any]]) -> None:
    spoken = said.facts.choice(index)
    if "executableCode" in part or "codeExecutionResult" in part:
        # how run code is shown is the gateway's choice
        said.pieces.setdefault(index, [spoken.text] if spoken.text else [])
    elif part.get("thought"):
        spoken.reasoning += part.get("text") or ""
    elif "text" in part:
        spoken.text += part["text"]
        if index in said.pieces:
            said.pieces[index].append(part["text"])
    elif "functionCall" in part:
        call = part["functionCall"]
        if call.get("name"):
            arguments[index] = dict(call.get("args") or {})
            spoken.calls.append(Call(call["name"]))
        for partial in call.get("partialArgs") or []:
            _set_at(arguments[index], partial)
        spoken.calls[-1].arguments = json.dumps(arguments[index])


def _set_at(root: dict[str, Any], partial: dict[str, Any]) -> None:
    """`$.a.b[0]`: sets the value there, growing objects and lists; a text goes on where it was left."""
    steps = [int(number) if number else name for name, number in re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", partial["jsonPath"])]
    value = next((partial[k] for k in ("stringValue", "numberValue", "boolValue") if k in partial), None)
    node: Any = root
    for at, step in enumerate(steps):
        if isinstance(step, int):
            node.extend([None] * (step + 1 - len(node)))
        old = node[step] if isinstance(step, int) else node.get(step)
        if at + 1 == len(steps):
            node[step] = old + value if isinstance(old, str) and isinstance(value, str) else value
        else:
            node[step] = old if old is not None else [] if isinstance(steps[at + 1], int) else {}
            node = node[step]


def _gemini_finish(native: Any, calls: bool) -> tuple[set[str], bool]:
    """The right finishes, and whether an error is right too."""
    name = _GEMINI_NUMBERS.get(native, "OTHER") if isinstance(native, int) else native
    if name is None:
        return set(), False
    if name == "STOP":
        return {"tool_calls" if calls else "stop"}, False
    if name == "MAX_TOKENS":
        return {"length"}, False
    if name in _GEMINI_FILTERED:
        return {"content_filter"}, name == "MODEL_ARMOR"
    return {"tool_calls" if calls else "stop"}, True  # MALFORMED_FUNCTION_CALL, UNEXPECTED_TOOL_CALL, OTHER, ...


def _gemini_usage(u: dict[str, Any]) -> Usage:
    """Thoughts are counted beside the candidates, and what tools read beside the prompt."""
    thoughts = u.get("thoughtsTokenCount")
    return Usage(u["promptTokenCount"] + (u.get("toolUsePromptTokenCount") or 0),
                 (u.get("candidatesTokenCount") or 0) + (thoughts or 0), u.get("cachedContentTokenCount"), thoughts)


# ---- Bedrock Converse ---------------------------------------------------------------------------------------------------

def _converse(recording: Recording) -> Said:
    said = Said(Facts())
    spoken = said.facts.choice(0)
    stop, usage = None, {}
    blocks: dict[int, dict[str, Any]] = {}
    if not recording.streamed:
        [body] = recording.bodies
        stop, usage = body["stopReason"], body.get("usage") or {}
        blocks = dict(enumerate(body["output"]["message"]["content"]))
    for event in recording.bodies if recording.streamed else []:
        [(name, told)] = event.items()
        block = blocks.setdefault(told.get("contentBlockIndex", -1), {"text": "", "thought": "", "input": ""})
        if name == "failure":
            said.facts.error = error_words(told)
        elif name == "contentBlockStart":
            block |= told["start"]
        elif name == "contentBlockDelta":
            delta = told["delta"]
            block["text"] += delta.get("text") or ""
            block["thought"] += (delta.get("reasoningContent") or {}).get("text") or ""
            block["input"] += (delta.get("toolUse") or {}).get("input") or ""
        elif name == "messageStop":
            stop = told["stopReason"]
        elif name == "metadata":
            usage = told.get("usage") or {}
    for _, block in sorted(blocks.items()):
        cited = (block.get("citationsContent") or {}).get("content") or []
        spoken.text += (block.get("text") or "") + "".join(c.get("text") or "" for c in cited)
        thought = (block.get("reasoningContent") or {}).get("reasoningText") or {}
        spoken.reasoning += block.get("thought") or thought.get("text") or ""
        call = block.get("toolUse")
        if call and call.get("type", "tool_use") == "tool_use":  # others run at AWS
            spoken.calls.append(Call(call["name"], block.get("input") or json.dumps(call.get("input") or {})))
    filtered = stop in ("guardrail_intervened", "content_filtered")
    said.finishes[0] = {"content_filter" if filtered else _FINISHES[stop]} if stop else set()
    if usage:
        cached = usage.get("cacheReadInputTokens") or 0
        prompt = usage["inputTokens"] + cached + (usage.get("cacheWriteInputTokens") or 0)
        said.usages = [Usage(prompt, usage["outputTokens"], cached or None)]
    return said


# ---- Ollama -------------------------------------------------------------------------------------------------------------

def _ollama(recording: Recording) -> Said:
    said = Said(Facts())
    spoken = said.facts.choice(0)
    for piece in recording.bodies:
        if "error" in piece:
            said.facts.error = error_words(piece)
        message = piece.get("message") or {}
        spoken.text += message.get("content") or ""
        spoken.reasoning += message.get("thinking") or ""
        for call in message.get("tool_calls") or []:
            spoken.calls.append(Call(call["function"]["name"], json.dumps(call["function"].get("arguments") or {})))
        if piece.get("done"):
            length = piece.get("done_reason") == "length"
            said.finishes[0] = {"length" if length else "tool_calls" if spoken.calls else "stop"}
            said.usages = [Usage(piece.get("prompt_eval_count"), piece.get("eval_count"))]
    return said


_READERS = {"openai.chat": _chat, "openai.responses": _responses, "anthropic.messages": _messages, "gemini.generateContent": _gemini,
            "gemini.streamGenerateContent": _gemini, "bedrock.converse": _converse, "bedrock.converse-stream": _converse,
            "ollama.chat": _ollama}
