"""The real binary as a child process: started with a configuration, ended by its process id."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
#: What a client key of the tests is, where a configuration asks for one.
KEY = "sk-tests-0123456789abcdef"

_KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS")
#: A sanitizer build needs longer for everything.
_PATIENCE_SECONDS = 30.0


def binary() -> Path:
    path = Path(os.environ.get("SLUICE_BINARY") or ROOT / "build/release/sluice")
    path = path if path.is_absolute() else ROOT / path
    if not path.exists():
        raise RuntimeError(f"{path} does not exist: build it with ./dev build, or name another in SLUICE_BINARY")
    return path


def clean_environment(**more: str) -> dict[str, str]:
    """No provider key and no proxy of whoever runs the tests may reach the gateway."""
    return {k: v for k, v in os.environ.items() if k in _KEPT_ENVIRONMENT} | more


def run(*arguments: str, folder: Path, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """One of the commands that end by themselves."""
    return subprocess.run([str(binary()), *arguments], cwd=folder, input=stdin, capture_output=True, text=True,
                          timeout=_PATIENCE_SECONDS, env=clean_environment(**environment))


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def configuration(provider_url: str, api: str = "openai.chat", **more: Any) -> dict[str, Any]:
    """One provider `scripted` behind the model `test-model`, and one client key."""
    return {
        "store": "memory",
        "providers": {"scripted": {"api": api, "base_url": provider_url, "api_key": "provider-secret", "regions": ["us"]}},
        "models": [{"id": "test-model", "targets": [{"provider": "scripted", "model": "native-model"}]}],
        "keys": [{"name": "tests", "secret": KEY}],
    } | more


class Gateway:
    """`sluice serve` in `folder`. `config` is written there as JSON, which is YAML too; without one it is demo mode.

    It listens at `port`, or where `config` says.
    """

    def __init__(self, folder: Path, config: dict[str, Any] | None = None, *arguments: str, **environment: str):
        self.folder = folder
        self.port = free_port()
        self._arguments = ["serve", *arguments]
        if config and "listen" in config:
            self.port = int(config["listen"][0]["address"].rpartition(":")[2])
        else:
            self._arguments += ["--listen", f"127.0.0.1:{self.port}"]
        if config is None:
            self._arguments.append("--demo")
        else:
            (folder / "sluice.yaml").write_text(json.dumps(config, indent=1))
            self._arguments += ["--config", "sluice.yaml"]
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = clean_environment(**environment)
        self._log_path = folder / f"gateway-{self.port}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def start(self) -> "Gateway":
        with open(self._log_path, "wb") as log:
            self._process = subprocess.Popen([str(binary()), *self._arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                                             stdout=log, stderr=log, env=self._environment)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline and self.alive():
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.01)
        log_text, status = self.log(), self._process.poll()
        self.kill()
        raise RuntimeError(f"the gateway did not become ready (exit status {status}):\n{log_text[-4000:]}")

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        return self._log_path.read_text(errors="replace") if self._log_path.exists() else ""

    def kill(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        """SIGTERM, and everything that must hold of a gateway at its end."""
        assert self._process is not None
        if self._stopped:
            return
        self._stopped = True
        status = self._process.poll()
        assert status is None, f"the gateway died with status {status}:\n{self.log()[-4000:]}"
        self._process.send_signal(signal.SIGTERM)
        try:
            status = self._process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the gateway did not end after SIGTERM:\n{self.log()[-4000:]}") from None
        log = self.log()
        assert status == 0, f"the gateway ended with status {status}:\n{log[-4000:]}"
        for mark in ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:"):
            assert mark not in log, f"{mark} in the log:\n{log[log.index(mark):][:4000]}"

    def client(self, **options: Any) -> httpx.Client:
        """Speaks as a client of the configuration above."""
        headers = {"authorization": f"Bearer {KEY}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=_PATIENCE_SECONDS, trust_env=False, **options)
