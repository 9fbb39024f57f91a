"""Claude and Gemini on Vertex AI: paths and bodies, and the tokens that are fetched for them."""

import base64
import json
import os
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway_process import Gateway, configuration, run
from scripted_provider import Pause, Received, Reply, ScriptedProvider

CLAUDE = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5-20250929",
          "content": [{"type": "text", "text": "Hello there."}], "stop_reason": "end_turn",
          "usage": {"input_tokens": 3, "output_tokens": 2}}
GEMINI = {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hello there."}]}, "finishReason": "STOP"}],
          "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2, "totalTokenCount": 5}}
METADATA_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"
PLACE = {"project": "my-project", "location": "europe-west1"}
AT = "/v1/projects/my-project/locations/europe-west1/publishers"

Start = Callable[..., httpx.Client]


class Cloud:
    """Gives out tokens `token-1`, `token-2`, ..., and answers for models to whoever has one that is not revoked."""

    def __init__(self) -> None:
        self.lifetime = 3600
        self.pause = 0.0
        self.refusal: Reply | None = None
        self.model_answer = Reply.json(GEMINI)
        self.given: list[Received] = []
        self.revoked: set[str] = set()
        self.asked: list[Received] = []
        self._lock = threading.Lock()

    def __call__(self, request: Received) -> Reply:
        if request.target in ("/token", METADATA_PATH):
            with self._lock:
                self.given.append(request)
                if self.refusal:
                    return self.refusal
                reply = Reply.json({"access_token": f"token-{len(self.given)}", "expires_in": self.lifetime,
                                    "token_type": "Bearer"})
            reply.before_head = [Pause(self.pause)] if self.pause else []
            return reply
        self.asked.append(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token in self.revoked or token not in {f"token-{i + 1}" for i in range(len(self.given))}:
            return Reply.json({"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "Not this token."}}, 401)
        return self.model_answer


@pytest.fixture
def cloud(provider: ScriptedProvider) -> Cloud:
    provider.answer = Cloud()
    return provider.answer


@pytest.fixture(scope="session")
def rsa_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rsa") / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-out", str(path)], check=True, capture_output=True)
    return path


@pytest.fixture
def key_file(tmp_path: Path, rsa_key: Path, provider: ScriptedProvider) -> Path:
    path = tmp_path / "account.json"
    path.write_text(json.dumps({"type": "service_account", "client_email": "sluice@my-project.iam.gserviceaccount.com",
                                "private_key_id": "key-1", "private_key": rsa_key.read_text(),
                                "token_uri": provider.url + "/token"}))
    return path


def vertex_configuration(provider: ScriptedProvider, api: str, **vertex: Any) -> dict[str, Any]:
    config = configuration(provider.url, api)
    scripted = config["providers"]["scripted"]
    del scripted["api_key"]
    scripted["vertex"] = PLACE | vertex
    config["models"][0]["targets"][0]["model"] = (
        "claude-sonnet-4-5@20250929" if api == "anthropic.messages" else "gemini-2.5-flash")
    return config


@pytest.fixture
def on_vertex(start_gateway: Callable[..., Gateway], provider: ScriptedProvider, cloud: Cloud) -> Start:
    """A client of a gateway before Vertex AI; without a key file its tokens are those of the machine."""
    def start(api: str = "gemini", key_file: Path | None = None) -> httpx.Client:
        source = {"credentials_file": str(key_file)} if key_file else {"metadata_server": provider.url}
        return start_gateway(vertex_configuration(provider, api, **source)).client()
    return start


def ask(client: httpx.Client, **more: Any) -> httpx.Response:
    return client.post("/v1/chat/completions",
                       json={"model": "test-model", "messages": [{"role": "user", "content": "Hello."}]} | more)


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_a_service_account_signs_for_its_token(
        on_vertex: Start, cloud: Cloud, key_file: Path, rsa_key: Path, tmp_path: Path, provider: ScriptedProvider) -> None:
    assert ask(on_vertex(key_file=key_file)).status_code == 200
    form = urllib.parse.parse_qs(cloud.given[0].body.decode())
    assert cloud.given[0].method == "POST"
    assert cloud.given[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    header, claims, signature = form["assertion"][0].split(".")
    assert json.loads(decoded(header)) == {"alg": "RS256", "typ": "JWT", "kid": "key-1"}
    said = json.loads(decoded(claims))
    assert said["iss"] == "sluice@my-project.iam.gserviceaccount.com"
    assert said["aud"] == provider.url + "/token"
    assert said["scope"] == "https://www.googleapis.com/auth/cloud-platform"
    assert abs(said["iat"] - time.time()) < 60 and said["exp"] == said["iat"] + 3600
    (tmp_path / "signed").write_text(f"{header}.{claims}")
    (tmp_path / "signature").write_bytes(decoded(signature))
    subprocess.run(["openssl", "pkey", "-in", str(rsa_key), "-pubout", "-out", str(tmp_path / "public.pem")], check=True)
    subprocess.run(["openssl", "dgst", "-sha256", "-verify", str(tmp_path / "public.pem"), "-signature",
                    str(tmp_path / "signature"), str(tmp_path / "signed")], check=True, capture_output=True)


def test_the_metadata_server_gives_the_machines_token(on_vertex: Start, cloud: Cloud) -> None:
    assert ask(on_vertex()).status_code == 200
    assert cloud.given[0].method == "GET"
    assert cloud.given[0].headers["metadata-flavor"] == "Google"
    assert cloud.asked[0].headers["authorization"] == "Bearer token-1"
    assert "x-goog-api-key" not in cloud.asked[0].headers


def test_claude_has_its_model_in_the_path_and_its_version_in_the_body(on_vertex: Start, cloud: Cloud) -> None:
    cloud.model_answer = Reply.json(CLAUDE)
    client = on_vertex("anthropic.messages")
    answer = ask(client).json()
    assert answer["choices"][0]["message"]["content"] == "Hello there."
    request = cloud.asked[0]
    assert request.target == AT + "/anthropic/models/claude-sonnet-4-5@20250929:rawPredict"
    assert request.json["anthropic_version"] == "vertex-2023-10-16"
    assert "model" not in request.json and "anthropic-version" not in request.headers
    assert "x-api-key" not in request.headers
    ask(client, stream=True)
    assert cloud.asked[1].target == AT + "/anthropic/models/claude-sonnet-4-5@20250929:streamRawPredict"
    assert cloud.asked[1].json["stream"] is True


def test_gemini_is_asked_without_ids_of_calls(on_vertex: Start, cloud: Cloud) -> None:
    client = on_vertex()
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages = [{"role": "user", "content": "Hello."}, {"role": "assistant", "tool_calls": [call]},
                {"role": "tool", "tool_call_id": "call_1", "content": "done"}]
    assert ask(client, messages=messages).status_code == 200
    request = cloud.asked[0]
    assert request.target == AT + "/google/models/gemini-2.5-flash:generateContent"
    parts = [part for content in request.json["contents"] for part in content["parts"]]
    assert [part["functionCall"] for part in parts if "functionCall" in part] == [{"name": "f", "args": {}}]
    results = [part["functionResponse"] for part in parts if "functionResponse" in part]
    assert [sorted(result) for result in results] == [["name", "response"]]
    ask(client, stream=True)
    assert cloud.asked[1].target == AT + "/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse"


def ask_at_once(client: httpx.Client, count: int) -> list[int]:
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(ask(client).status_code)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_one_fetch_of_a_core_serves_all_who_wait(on_vertex: Start, cloud: Cloud) -> None:
    cloud.pause = 0.5
    count = 12 + 4 * len(os.sched_getaffinity(0))
    assert ask_at_once(on_vertex(), count) == [200] * count
    assert len(cloud.asked) == count
    assert 1 <= len(cloud.given) <= len(os.sched_getaffinity(0))


def test_a_token_is_renewed_before_it_expires(on_vertex: Start, cloud: Cloud) -> None:
    cloud.lifetime = 62  # good for two seconds, then within the minute that a request may take
    client = on_vertex()
    assert ask(client).status_code == 200
    time.sleep(2.5)
    assert ask(client).status_code == 200
    assert len(cloud.given) == 2


def test_a_refused_token_is_fetched_anew(on_vertex: Start, cloud: Cloud) -> None:
    client = on_vertex()
    assert ask(client).status_code == 200
    cloud.revoked.add("token-1")
    response = ask(client)
    assert response.status_code == 502
    assert response.json()["error"]["code"] == "upstream_auth_error"
    assert "token-1" not in response.text
    assert ask(client).status_code == 200
    assert len(cloud.given) == 2


@pytest.mark.parametrize("refusal, says", [
    (Reply.json({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, 400),
     "status 400: invalid_grant: Invalid JWT Signature."),
    (Reply.json({"token": "secret-xyz"}), "no access_token"),
    (Reply(200, {}, [b"<html>secret-xyz"], "length"), "is no JSON"),
    (Reply.json({"access_token": "secret-xyz\r\nx: y", "expires_in": 9}), "cannot be sent")])
def test_without_a_token_the_client_is_told_that_the_gateway_has_none(
        on_vertex: Start, cloud: Cloud, key_file: Path, refusal: Reply, says: str) -> None:
    cloud.refusal = refusal
    client = on_vertex(key_file=key_file)
    response = ask(client)
    assert response.status_code == 502
    error = response.json()["error"]
    assert error["code"] == "upstream_auth_error"
    assert "cannot get an access token from 127.0.0.1" in error["message"] and says in error["message"]
    assert "secret-xyz" not in response.text
    assert not cloud.asked
    cloud.refusal = None
    assert ask(client).status_code == 200


@pytest.mark.parametrize("content, says", [
    (None, "cannot be read"), ("{", "is no JSON object"),
    ('{"type": "authorized_user"}', "is of the type 'authorized_user'"),
    ('{"type": "service_account", "client_email": "a", "token_uri": "https://h/t"}', "has no 'private_key'"),
    ('{"type": "service_account", "client_email": "a", "token_uri": "https://h/t", "private_key": "very-secret"}',
     "no RSA key in PEM")])
def test_a_key_file_that_cannot_be_used_is_a_fault_of_the_configuration(
        provider: ScriptedProvider, tmp_path: Path, content: str | None, says: str) -> None:
    if content is not None:
        (tmp_path / "account.json").write_text(content)
    config = vertex_configuration(provider, "gemini", credentials_file=str(tmp_path / "account.json"))
    (tmp_path / "sluice.yaml").write_text(json.dumps(config, indent=1))
    done = run("check", "sluice.yaml", folder=tmp_path)
    assert done.returncode == 1
    told = done.stdout + done.stderr
    assert "sluice.yaml:" in told and "providers.scripted.vertex.credentials_file" in told and says in told
    assert "very-secret" not in told
