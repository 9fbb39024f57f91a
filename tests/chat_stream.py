"""Reading a chat stream as a strict client does: what OpenAI promises of a stream is asserted while it is joined."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from openai.types.chat import ChatCompletionChunk


@dataclass
class Joined:
    """One choice of a stream, put together."""
    id: str = ""
    model: str = ""
    request_id: str = ""
    text: str = ""
    finish_reason: str = ""
    usage: Any = None
    tool_calls: list[dict[str, str]] = field(default_factory=list)
    chunks: int = 0

    @property
    def message(self) -> dict[str, Any]:
        """As it is sent back in the next turn."""
        out: dict[str, Any] = {"role": "assistant", "content": self.text or None}
        if self.tool_calls:
            out["tool_calls"] = [{"id": c["id"], "type": "function", "function": {
                "name": c["name"], "arguments": c["arguments"]}} for c in self.tool_calls]
        return out


def join(stream: Iterable[ChatCompletionChunk], *, usage_asked: bool) -> Joined:
    joined, roles = Joined(), 0
    for chunk in stream:
        assert chunk.object == "chat.completion.chunk"
        assert joined.usage is None, "something follows the usage chunk"
        request_id = (chunk.model_extra or {}).get("request_id")
        if joined.chunks == 0:
            joined.id, joined.model, joined.request_id = chunk.id, chunk.model, request_id
        assert (chunk.id, chunk.model, request_id) == (joined.id, joined.model, joined.request_id)
        assert chunk.created > 1_600_000_000
        joined.chunks += 1
        if not chunk.choices:
            assert chunk.usage is not None, "a chunk without choices that is not the usage chunk"
            joined.usage = chunk.usage
            continue
        assert chunk.usage is None, "usage in a chunk with choices"
        [choice] = chunk.choices
        assert choice.index == 0
        assert not joined.finish_reason, "a choice goes on after its finish_reason"
        if choice.delta.role is not None:
            roles += 1
            assert choice.delta.role == "assistant"
        joined.text += choice.delta.content or ""
        for delta in choice.delta.tool_calls or []:
            _join_call(joined.tool_calls, delta)
        joined.finish_reason = choice.finish_reason or ""
    assert joined.id and joined.request_id and joined.finish_reason
    assert roles == 1, f"the role came {roles} times"
    assert (joined.usage is not None) == usage_asked
    return joined


def _join_call(calls: list[dict[str, str]], delta: Any) -> None:
    if delta.index == len(calls):
        assert delta.type == "function" and delta.id and delta.function.name, f"an incomplete opening delta: {delta}"
        assert delta.id not in [c["id"] for c in calls], "two calls with one id"
        calls.append({"id": delta.id, "name": delta.function.name, "arguments": ""})
    else:
        assert 0 <= delta.index < len(calls), f"call {delta.index} after {len(calls)} calls"
        assert not delta.id and not delta.function.name, "id or name of a call came twice"
    calls[delta.index]["arguments"] += delta.function.arguments or ""
