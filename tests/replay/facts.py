"""What both sides can know of an answer."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Call:
    name: str = ""
    arguments: str = ""  # as text; compared as JSON where it is JSON
    id: str = ""


@dataclass
class Spoken:
    """One choice."""
    text: str = ""
    refusal: str = ""
    reasoning: str = ""
    calls: list[Call] = field(default_factory=list)
    finish: list[str] = field(default_factory=list)


@dataclass
class Usage:
    prompt: int | None = None
    completion: int | None = None
    cached: int | None = None
    reasoning: int | None = None

    def __str__(self) -> str:
        return " ".join(f"{k}={v}" for k, v in vars(self).items() if v is not None)


@dataclass
class Facts:
    choices: dict[int, Spoken] = field(default_factory=dict)
    usage: Usage | None = None
    error: str | None = None  # every word that came with it

    def choice(self, index: Any) -> Spoken:
        return self.choices.setdefault(index if isinstance(index, int) and index >= 0 else 0, Spoken())


def value_of(text: str) -> Any:
    """As JSON where it is JSON. No arguments and empty arguments mean the same."""
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip() or {}
    return {} if value is None or value == "" else value


def sse_events(raw: bytes) -> Iterator[str]:
    """The data of each event, after the WHATWG rules; an event that ends with the stream counts too."""
    data: list[str] = []
    for line in re.split(r"\r\n|\r|\n", raw.decode("utf-8-sig", "replace")) + [""]:
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif line == "" and data:
            yield "\n".join(data)
            data = []


def words_within(node: Any) -> str:
    """Every text in a JSON value, JSON inside texts included."""
    if isinstance(node, dict):
        return " ".join(words_within(v) for v in node.values())
    if isinstance(node, list):
        return " ".join(words_within(v) for v in node)
    return node if isinstance(node, str) else ""
