"""Requests that enter through a listener of a region stay in it."""

from collections.abc import Iterator

import httpx
import pytest

from gateway_process import Gateway, free_port

BOTH, US_ONLY, OWN = "claude-sonnet-4-6", "gpt-5.2", "our-own"


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """A demo with a listener per region, and a model that the catalog does not have."""
    ports = {region: free_port() for region in ("us", "eu")}
    gateway = Gateway(tmp_path_factory.mktemp("regions"), {
        "listen": [{"address": f"127.0.0.1:{port}", "region": region} for region, port in ports.items()],
        "store": "memory",
        "models": [{"id": OWN, "targets": [{"provider": "demo", "model": BOTH}]}],
    }, "--demo").start()
    yield ports
    gateway.stop()


def ask(port: int, model: str, **fields: object) -> httpx.Response:
    body = {"model": model, "messages": [{"role": "user", "content": "Hello."}]} | fields
    return httpx.post(f"http://127.0.0.1:{port}/v1/chat/completions", json=body, timeout=30, trust_env=False)


@pytest.mark.parametrize("region, model", [("us", BOTH), ("eu", BOTH), ("us", US_ONLY), ("us", OWN), ("eu", OWN)])
def test_the_simulator_answers_in_each_region(ports: dict[str, int], region: str, model: str) -> None:
    response = ask(ports[region], model)
    assert response.status_code == 200, response.text
    assert response.json()["choices"][0]["message"]["content"]


def test_a_model_that_is_not_offered_there_is_refused(ports: dict[str, int]) -> None:
    response = ask(ports["eu"], US_ONLY)
    assert response.status_code == 400, response.text
    assert response.json()["error"]["code"] == "model_not_available_in_region"
    assert "it is in: us" in response.json()["message"]


def test_a_request_cannot_leave_the_region_that_it_entered(ports: dict[str, int]) -> None:
    assert ask(ports["eu"], BOTH, model_region="eu").status_code == 200
    response = ask(ports["eu"], US_ONLY, model_region="us")
    assert response.status_code == 400 and response.json()["error"]["param"] == "model_region", response.text
