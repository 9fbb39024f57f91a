"""The command line: what it accepts, what it says, and what it returns to the shell."""

import itertools
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway_process import Gateway, run

GOOD = """
listen: 127.0.0.1:8080
store: memory
providers:
  anthropic:
    api: anthropic.messages
    base_url: https://api.anthropic.com
    api_key: ${ANTHROPIC_API_KEY}
    regions: [us]
models:
  - id: claude-sonnet-4-6
    targets:
      - {provider: anthropic, model: claude-sonnet-4-6}
keys:
  - {name: dev, secret: "${SLUICE_KEY}"}
"""


def check(folder: Path, text: str, **environment: str) -> tuple[int, str]:
    (folder / "sluice.yaml").write_text(text)
    done = run("check", "sluice.yaml", folder=folder, **{"ANTHROPIC_API_KEY": "x", "SLUICE_KEY": "sk-dev"} | environment)
    assert "x" * 2 not in done.stdout
    return done.returncode, done.stdout + done.stderr


def test_a_good_configuration(tmp_path: Path) -> None:
    status, said = check(tmp_path, GOOD)
    assert status == 0, said


def test_listeners_with_regions(tmp_path: Path) -> None:
    listen = "listen:\n  - {address: 127.0.0.1:8080, region: us}\n  - {address: 127.0.0.1:8081, region: eu}"
    status, said = check(tmp_path, GOOD.replace("listen: 127.0.0.1:8080", listen))
    assert status == 0, said


@pytest.mark.parametrize("right, wrong, line, said_too", [
    ("api: anthropic.messages", "api: anthropic.mesages", 6, "anthropic.messages"),
    ("base_url:", "base_ur:", 7, "base_url"),
    ("providers:", "provider:", 4, "providers"),
    ("store: memory", "store: oracle:db", 3, "sqlite"),
    ("provider: anthropic,", "provider: antropic,", 13, "anthropic"),
    ("listen: 127.0.0.1:8080", "listen: 127.0.0.1:99999", 2, "65535"),
    ("regions: [us]", "regions: us eu", 9, ""),
    ("targets:", "target:", 12, "targets"),
    ("base_url: https://api.anthropic.com", "base_url: api.anthropic.com", 7, "http"),
], ids=lambda v: str(v)[:24])
def test_a_bad_configuration_names_the_place_and_what_is_allowed(
        tmp_path: Path, right: str, wrong: str, line: int, said_too: str) -> None:
    assert GOOD.count(right) >= 1
    status, said = check(tmp_path, GOOD.replace(right, wrong, 1))
    assert status == 1
    assert re.search(rf"sluice\.yaml:{line}\b", said), said
    assert said_too in said


def test_yaml_that_cannot_be_read(tmp_path: Path) -> None:
    status, said = check(tmp_path, "providers:\n  a: {api: [\n")
    assert status == 1 and re.search(r"sluice\.yaml:\d+", said), said


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = run("check", "nowhere.yaml", folder=tmp_path)
    assert done.returncode == 1 and "nowhere.yaml" in done.stderr + done.stdout


def test_a_variable_that_is_not_set(tmp_path: Path) -> None:
    (tmp_path / "sluice.yaml").write_text(GOOD)
    done = run("check", "sluice.yaml", folder=tmp_path, SLUICE_KEY="sk-dev")
    said = done.stdout + done.stderr
    assert done.returncode == 1 and "ANTHROPIC_API_KEY" in said and "sluice.yaml:8" in said


def test_serve_refuses_a_bad_configuration_too(tmp_path: Path) -> None:
    (tmp_path / "sluice.yaml").write_text("provders: {}\n")
    done = run("serve", "--config", "sluice.yaml", folder=tmp_path)
    assert done.returncode == 1 and "sluice.yaml:1" in done.stderr and "providers" in done.stderr


def test_models_are_listed(tmp_path: Path) -> None:
    done = run("models", folder=tmp_path)
    assert done.returncode == 0
    for model in ("claude-sonnet-4-6", "gpt-5.2", "gemini-2.5-flash", "qwen3-32B", "kimi-k2.5", "gpt-oss-120b"):
        assert model in done.stdout


def listed(folder: Path, *options: str) -> list[dict[str, Any]]:
    done = run("models", "--json", *options, folder=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["data"]


@pytest.mark.parametrize("order, falling, value", [
    ("quality", True, lambda m: m["lmarena_score"]), ("latency", False, lambda m: m["latency_per_10k_tokens"]),
    ("price", False, lambda m: m["pricing"] and 3 * m["pricing"]["input"] + m["pricing"]["output"])], ids=["quality", "latency", "price"])
def test_models_are_sorted(tmp_path: Path, order: str, falling: bool, value: Callable[[dict[str, Any]], Any]) -> None:
    values = [value(m) for m in listed(tmp_path, "--sort", order)]
    known = [v for v in values if v is not None]
    assert len(known) > 20 and known == sorted(known, reverse=falling)
    assert values[:len(known)] == known, "what is unknown comes last"


def test_models_are_grouped_by_provider(tmp_path: Path) -> None:
    owners = [m["owned_by"] for m in listed(tmp_path, "--sort", "provider")]
    assert len(list(itertools.groupby(owners))) == len(set(owners))


def test_models_of_a_region(tmp_path: Path) -> None:
    everywhere = {m["id"] for m in listed(tmp_path)}
    in_europe = {m["id"] for m in listed(tmp_path, "--region", "eu")}
    assert in_europe < everywhere and "claude-sonnet-4-6" in in_europe and "gpt-5.2" not in in_europe


def test_version(tmp_path: Path) -> None:
    done = run("version", folder=tmp_path)
    assert done.returncode == 0 and re.search(r"\d+\.\d+\.\d+", done.stdout)


def test_help_names_every_command(tmp_path: Path) -> None:
    done = run("--help", folder=tmp_path)
    assert done.returncode == 0
    for command in ("serve", "check", "models", "version", "simulate"):
        assert command in done.stdout
        assert run(command, "--help", folder=tmp_path).returncode == 0


@pytest.mark.parametrize("arguments", [["srve"], ["serve", "--lissten", "x"], ["models", "--sort", "beauty"], ["check"]], ids=" ".join)
def test_a_wrong_command_line(tmp_path: Path, arguments: list[str]) -> None:
    done = run(*arguments, folder=tmp_path)
    assert done.returncode not in (0, -6, -11) and done.stderr


def test_a_port_that_is_taken(demo: Gateway, tmp_path: Path) -> None:
    done = run("serve", "--demo", "--listen", f"127.0.0.1:{demo.port}", folder=tmp_path)
    assert done.returncode == 1 and str(demo.port) in done.stderr


def test_it_starts_in_a_blink(tmp_path: Path) -> None:
    begun = time.monotonic()
    gateway = Gateway(tmp_path).start()
    assert time.monotonic() - begun < 2
    gateway.stop()
