"""Recorded conversations with real providers through the running gateway: the client is told what the provider said.

The recordings are not part of this project: they are read in place, where SLUICE_SHARED names their folder or `shared`
lies beside the checkout. The table at the end of a run counts them per API.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gateway_process import KEY, Gateway
from replay import client_heard, judge, provider_said
from replay.recordings import Library, Recording, folder, load
from scripted_provider import ScriptedProvider

RECORDINGS = load()
pytestmark = pytest.mark.skipif(
    folder() is None, reason="no recordings: neither SLUICE_SHARED nor ../shared holds data/corpus")

_API = {"gemini.generateContent": "gemini", "gemini.streamGenerateContent": "gemini",
        "bedrock.converse-stream": "bedrock.converse", "ollama.chat": "ollama"}
_BASE = {"openai.chat": "/v1", "openai.responses": "/v1"}


class Stage:
    """One gateway in front of one provider that has all recordings."""

    def __init__(self, gateway: Gateway, library: Library):
        self.library = library
        self._client = gateway.client()

    def ask(self, body: dict[str, Any]) -> httpx.Response:
        return self._client.post("/v1/chat/completions", json=body)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with ScriptedProvider() as provider:
        library = Library(RECORDINGS)
        provider.answer = library
        gateway = Gateway(tmp_path_factory.mktemp("replay"), _configuration(provider.url)).start()
        try:
            yield Stage(gateway, library)
            gateway.stop()
        finally:
            gateway.kill()


def _configuration(url: str) -> dict[str, Any]:
    """One provider per API, and one of its own for each recorded failure, so that no breaker carries it over."""
    providers: dict[str, Any] = {}
    models = []
    for recording in RECORDINGS:
        api = _API.get(recording.api, recording.api)
        fails = recording.status >= 400 or provider_said.read(recording).facts.error is not None
        name = api.replace(".", "-") + (f"-{recording.id}" if fails else "")
        providers[name] = {"api": api, "base_url": url + _BASE.get(api, ""), "api_key": "x", "regions": ["us"]}
        models.append({"id": recording.id, "targets": [{"provider": name, "model": recording.id}]})
    return {"store": "memory", "providers": providers, "models": models, "keys": [{"name": "tests", "secret": KEY}]}


#: Recordings that are not told as they were, each with what is missing. They count as failed in the table.
OPEN_GAPS: dict[str, str] = {}


def _cases() -> list[Any]:
    marks = {i: [pytest.mark.xfail(reason=why, strict=True)] for i, why in OPEN_GAPS.items()}
    return [pytest.param(r, id=r.id, marks=marks.get(r.id, [])) for r in RECORDINGS]


@pytest.mark.parametrize("recording", _cases())
def test_recording(stage: Stage, recording: Recording, record_property: Any) -> None:
    record_property("api", recording.api)
    said = provider_said.read(recording)
    body = _request(recording, said)
    response = stage.ask(body)
    heard = client_heard.read(response, recording.streamed)
    differences = judge.differences(recording, said, heard)
    arrived = stage.library.requests.pop(recording.id, [])
    if not arrived:
        differences.append(f"the provider was never asked: {response.status_code} {response.text[:200]}")
    elif recording.api == "openai.chat":
        differences += judge.request_differences(body, arrived[0].json, recording.id)
    record_property("differences", differences)
    assert not differences, "\n".join(differences)


def _tool(name: str, custom: bool) -> dict[str, Any]:
    if custom:
        return {"type": "custom", "custom": {"name": name}}
    return {"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}


def _request(recording: Recording, said: provider_said.Said) -> dict[str, Any]:
    """What was asked then, where a chat client asked it; else a plain question that offers the tools that were called."""
    if recording.api == "openai.chat" and isinstance(recording.request, dict):
        body = dict(recording.request)
    else:
        body = {"messages": [{"role": "user", "content": "Go on."}]}
        names = sorted({c.name for spoken in said.facts.choices.values() for c in spoken.calls})
        if names:
            body["tools"] = [_tool(n, provider_said.offers_custom_tools(recording)) for n in names]
        if len(said.facts.choices) > 1:
            body["n"] = len(said.facts.choices)
    body["model"] = recording.id
    if recording.streamed:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return body
