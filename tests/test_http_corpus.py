"""Raw HTTP/1.1 requests, from well formed to hostile, and the verdict that a strict server gives each.

The corpus and its runner are not part of this project: they are used in place, where SLUICE_SHARED names their folder
or `shared` lies beside the checkout. All rows must pass.
"""

import base64
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import openai_answers as answers
from gateway_process import ROOT, Gateway, configuration
from scripted_provider import Reply, ScriptedProvider

FOLDER = Path(os.environ.get("SLUICE_SHARED") or ROOT.parent / "shared") / "data" / "http"
RUNNER = FOLDER / "run_corpus.py"
CORPUS = FOLDER / "visible.jsonl"
pytestmark = pytest.mark.skipif(
    not CORPUS.exists(), reason="no corpus: neither SLUICE_SHARED nor ../shared holds data/http")

#: The key that the corpus sends. Rows that are sent in two parts count its bytes, so it is not replaced by another.
CORPUS_KEY = "sk-corpus-valid-key"


class Canary:
    """Listens where bodies of the corpus name this machine: a gateway never connects there."""

    def __init__(self) -> None:
        self._listeners: list[socket.socket] = []
        self.unwatched: list[int] = []
        for port in sorted(_ports_named()):
            try:
                self._listeners.append(socket.create_server(("127.0.0.1", port)))
                self._listeners[-1].setblocking(False)
            except OSError:  # taken, or not for everyone
                self.unwatched.append(port)

    def visited(self) -> list[int]:
        ports = []
        for listener in self._listeners:
            try:
                listener.accept()[0].close()
                ports.append(listener.getsockname()[1])
            except BlockingIOError:
                pass
            listener.close()
        return ports


def _ports_named() -> set[int]:
    rows = [json.loads(line) for line in CORPUS.read_text().splitlines()]
    bodies = b" ".join(base64.b64decode(row["raw_base64"]) for row in rows if row["category"] == "json-body")
    return {int(port or 80) for port in re.findall(rb"http://[^/\"]*127\.0\.0\.1\]?(?::(\d+))?/", bodies)}


@pytest.mark.timeout(150)  # some rows wait 20 s to see that a deadline holds
def test_every_row_gets_its_verdict(start_gateway: Callable[..., Gateway], provider: ScriptedProvider) -> None:
    provider.answer = Reply.json(answers.completion("Hello."))
    target = {"provider": "scripted", "model": "native-model"}
    gateway = start_gateway(configuration(
        provider.url + "/v1", models=[{"id": "mock-1", "targets": [target]}],
        keys=[{"name": "corpus", "secret": CORPUS_KEY}]))
    canary = Canary()
    ran = subprocess.run(
        [sys.executable, str(RUNNER), str(CORPUS), "--port", str(gateway.port), "--sub", "/admin/api/keys=/admin/v1/keys",
         "-j", "32"], capture_output=True, text=True, timeout=140)
    print(ran.stdout, ran.stderr, f"ports without a canary: {canary.unwatched}")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"total (\d+)/\1$", ran.stdout.strip()), "the runner has judged no row"
    assert canary.visited() == []
