"""Fixtures: gateways that run for one test or for the whole run, and providers that follow a script."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import openai
import pytest

from gateway_process import KEY, Gateway, configuration
from scripted_provider import ScriptedProvider


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway in demo mode, shared by all tests that only ask."""
    gateway = Gateway(tmp_path_factory.mktemp("demo")).start()
    yield gateway
    gateway.stop()


@pytest.fixture
def sdk(demo: Gateway) -> Iterator[openai.OpenAI]:
    """The official SDK, speaking to the demo gateway."""
    with openai.OpenAI(base_url=f"{demo.url}/v1", api_key="sk-any", max_retries=0, timeout=30) as client:
        yield client


@pytest.fixture
def provider() -> Iterator[ScriptedProvider]:
    with ScriptedProvider() as scripted:
        yield scripted


@pytest.fixture
def start_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Gateway]]:
    """Starts gateways with a configuration; at the end each must still be alive and end in order."""
    started: list[Gateway] = []

    def start(config: dict[str, Any] | None = None, *arguments: str, **environment: str) -> Gateway:
        started.append(Gateway(tmp_path_factory.mktemp("gateway"), config, *arguments, **environment))
        return started[-1].start()

    yield start
    try:
        for gateway in started:
            gateway.stop()
    finally:
        for gateway in started:
            gateway.kill()


@pytest.fixture
def gateway(start_gateway: Callable[..., Gateway], provider: ScriptedProvider) -> Gateway:
    """In front of the scripted provider, in its own dialect; model `test-model`."""
    return start_gateway(configuration(provider.url + "/v1"))


@pytest.fixture
def client(gateway: Gateway) -> Iterator[httpx.Client]:
    with gateway.client() as http:
        yield http


@pytest.fixture
def scripted_sdk(gateway: Gateway) -> Iterator[openai.OpenAI]:
    """The official SDK, speaking to `gateway`."""
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=KEY, max_retries=0, timeout=30) as client:
        yield client


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many recordings of each API came through, and what went wrong with the others."""
    counts: dict[str, list[int]] = {}
    failures: list[tuple[str, list[str]]] = []
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            properties = dict(report.user_properties)
            if report.when == "call" and "api" in properties:
                passed, total = counts.get(properties["api"], [0, 0])
                counts[properties["api"]] = [passed + (outcome == "passed"), total + 1]
                if outcome == "failed":
                    failures.append((report.nodeid, properties.get("differences") or ["see above"]))
    if not counts:
        return
    terminalreporter.section("recordings that came through")
    for api, (passed, total) in sorted(counts.items()):
        terminalreporter.line(f"{api:28} {passed}/{total}")
    for name, differences in failures:
        terminalreporter.line(f"  {name.partition('[')[2].rstrip(']')}: {'; '.join(differences)[:400]}")
