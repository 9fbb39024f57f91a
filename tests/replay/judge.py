"""What the client heard, against what the provider said: one reason per difference."""

import json
import re
from typing import Any

from .client_heard import Heard
from .facts import Call, Spoken, Usage, value_of
from .provider_said import Said
from .recordings import Recording


def differences(recording: Recording, said: Said, heard: Heard) -> list[str]:
    found = [f"shape: {d}" for d in heard.departures]
    if said.open_question:
        return found
    if heard.facts.error is not None and said.may_fail:
        return found
    if said.facts.error is not None:
        return found + _error(recording, said, heard)
    if heard.facts.error is not None:
        return found + [f"error: the provider answered, the client got {heard.status}: {heard.facts.error[:200]}"]
    if heard.facts.choices.keys() != said.facts.choices.keys():
        found.append(f"choices: {sorted(said.facts.choices)} became {sorted(heard.facts.choices)}")
    for index, spoken in said.facts.choices.items():
        found += _choice(said, index, spoken, heard.facts.choices.get(index, Spoken()))
    return found + _usage(said.usages, heard.facts.usage)


# ---- failures -----------------------------------------------------------------------------------------------------------

def fitting_statuses(status: int, body: Any) -> set[int]:
    """Those that tell the truth. A provider's refusal of the gateway's own key or model is never the client's fault."""
    text = json.dumps(body, ensure_ascii=False).lower()
    if status == 429:
        return {429}
    if status == 402:
        return {402, 429, 502}
    if status in (401, 403) or status == 400 and re.search(r"api.?key|credential|unauthori[sz]ed", text):
        return {403, 502} - ({status} if status == 401 else set())
    if status == 404 or status == 400 and re.search(r"model", text) and re.search(
            r"not found|does not exist|not exist|invalid|isn.t supported|not supported", text):
        return {400, 404, 502}
    if status >= 500:
        return {500, 502, 503, 504}
    return {status, 400, 413, 422}


def _error(recording: Recording, said: Said, heard: Heard) -> list[str]:
    if heard.facts.error is None:
        return [f"error: the provider failed, the client got {heard.status} and no error"]
    found = []
    if recording.status >= 400:
        right = fitting_statuses(recording.status, recording.response.get("body", recording.response.get("raw")))
        if heard.status not in right:
            found.append(f"error: {recording.status} became {heard.status}, right would be {sorted(right)}")
    told = set(_words(heard.facts.error))
    words = _words(said.facts.error or "")[:60]
    if sum(w in told for w in words) < 0.7 * len(words):  # names of accounts and keys may be taken out
        found.append(f"error: the client was not told {said.facts.error!r:.160} but {heard.facts.error!r:.160}")
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"\w{2,}", text.lower())


# ---- answers ------------------------------------------------------------------------------------------------------------

def _choice(said: Said, index: int, want: Spoken, got: Spoken) -> list[str]:
    found = _text(said, index, want, got)
    if want.refusal and want.refusal not in (got.refusal, got.text):
        found.append(f"refusal: {want.refusal!r:.60} became {got.refusal!r:.60}")
    if want.reasoning.strip() and not got.reasoning.strip():
        found.append("reasoning: lost")
    if [c.name for c in want.calls] != [c.name for c in got.calls]:
        found.append(f"tools: {[c.name for c in want.calls]} became {[c.name for c in got.calls]}")
    else:
        found += [f"arguments: {w.name}: {w.arguments!r:.80} became {g.arguments!r:.80}"
                  for w, g in zip(want.calls, got.calls) if not _same_arguments(w, g)]
    right = said.finishes.get(index) or {"stop"}
    finishes = {"tool_calls" if f == "function_call" else f for f in got.finish}
    if not finishes <= right or not finishes:
        found.append(f"finish: {'/'.join(sorted(right))} became {'/'.join(got.finish) or 'nothing'}")
    return found


def _text(said: Said, index: int, want: Spoken, got: Spoken) -> list[str]:
    if index in said.pieces:
        at = 0
        for piece in said.pieces[index]:
            at = got.text.find(piece.strip(), at)
            if at < 0:
                return [f"text: {piece!r:.60} is lost"]
        return []
    right = [want.text, *said.texts.get(index, []), *([want.refusal] if want.refusal else [])]
    if got.text in right:
        return []
    at = next((i for i, (a, b) in enumerate(zip(want.text, got.text)) if a != b), min(len(want.text), len(got.text)))
    return [f"text: at {at} of {len(want.text)}: {want.text[at:at + 40]!r} became {got.text[at:at + 40]!r}"]


def _same_arguments(want: Call, got: Call) -> bool:
    return want.arguments == got.arguments or _same(value_of(want.arguments), value_of(got.arguments))


def _same(a: Any, b: Any) -> bool:
    """As JSON values: 1 is 1.0, but not true."""
    if type(a) is not type(b) and (isinstance(a, bool) or isinstance(b, bool)):
        return False
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(v, b[k]) for k, v in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    return a == b


def _usage(right: list[Usage], got: Usage | None) -> list[str]:
    if not right:
        return []
    if got is None:
        return ["usage: lost"]
    for want in right:
        if all(value is None or (getattr(got, name) or 0) == value for name, value in vars(want).items()):
            return []
    return [f"usage: {right[0]} became {got}"]


# ---- what the provider was asked ------------------------------------------------------------------------------------------

def request_differences(sent: dict[str, Any], arrived: dict[str, Any], model: str) -> list[str]:
    """For a host of the client's own dialect: nothing may be lost, nothing invented but the model's name."""
    want = sent | {"model": model}
    return [f"request: {key} {want.get(key)!r:.60} became {arrived.get(key)!r:.60}"
            for key in sorted(want.keys() | arrived.keys()) if not _same(want.get(key), arrived.get(key))]
