"""A provider that does what a test says: a real HTTP/1.1 server, one thread per connection.

    with ScriptedProvider() as provider:
        provider.answer = Reply(200, {"content-type": "text/event-stream"}, [b"data: {...}\n\n", Pause(0.2), HANG])

`answer` is a Reply for every request, or a function from the Received request to a Reply. What came in, and when the
peer let go, is in `provider.received`.
"""

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Pause:
    """A wait between two writes. The peer's hang-up is noticed during it."""
    seconds: float


#: Keep the connection open and say nothing more, until the peer hangs up or the provider is stopped.
HANG = "hang"
#: Cut the connection off with a TCP reset.
RESET = "reset"
#: Close the connection in order, though the body is not complete.
CLOSE = "close"

Step = bytes | Pause | str


@dataclass
class Reply:
    """Each piece of bytes is one write, and one chunk where the body is chunked."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    steps: Sequence[Step] = ()
    framing: str = "chunked"  # or "length", or "none" for a body that ends with the connection
    before_head: Sequence[Step] = ()  # what happens before the status line

    @staticmethod
    def json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> "Reply":
        data = json.dumps(body, ensure_ascii=False).encode()
        return Reply(status, {"content-type": "application/json"} | (headers or {}), [data], "length")

    @staticmethod
    def sse(*steps: Step) -> "Reply":
        return Reply(200, {"content-type": "text/event-stream"}, steps)


@dataclass
class Received:
    """One request, as the provider got it."""
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    at: float  # time.monotonic(), as are the others
    hung_up_at: float | None = None  # when the peer closed before the reply was complete
    replied: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def wait(self, seconds: float = 5.0) -> "Received":
        assert self.over.wait(seconds), f"{self.method} {self.target} is still being answered after {seconds} s"
        return self


class ScriptedProvider:
    def __init__(self) -> None:
        self.answer: Reply | Callable[[Received], Reply] = Reply.json({"error": {"message": "no answer set"}}, 500)
        self.received: list[Received] = []
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "ScriptedProvider":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stopping.set()
        self._listener.close()

    def only(self) -> Received:
        """The one request there was, once it is over."""
        assert len(self.received) == 1, [f"{r.method} {r.target}" for r in self.received]
        return self.received[0].wait()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            readable, _, _ = select.select([self._listener], [], [], 0.2)
            if readable:
                try:
                    connection, _ = self._listener.accept()
                except OSError:
                    return
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, connection.makefile("rb") as reader:
            while not self._stopping.is_set():
                try:
                    request = _read_request(reader)
                except (OSError, ValueError):
                    return
                if request is None:
                    return
                self.received.append(request)
                reply = self.answer(request) if callable(self.answer) else self.answer
                try:
                    keep = self._write(connection, request, reply)
                except OSError:
                    keep = False
                    request.hung_up_at = request.hung_up_at or time.monotonic()
                request.over.set()
                if not keep:
                    return

    def _write(self, connection: socket.socket, request: Received, reply: Reply) -> bool:
        """False when the connection cannot be used again."""
        if not self._play(connection, request, reply.before_head, framing="none"):
            return False
        headers = dict(reply.headers)
        if reply.framing == "chunked":
            headers["transfer-encoding"] = "chunked"
        elif reply.framing == "length":
            headers["content-length"] = str(sum(len(s) for s in reply.steps if isinstance(s, bytes)))
        head = f"HTTP/1.1 {reply.status} Scripted\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
        connection.sendall(head.encode())
        if not self._play(connection, request, reply.steps, reply.framing):
            return False
        if reply.framing == "chunked":
            connection.sendall(b"0\r\n\r\n")
        request.replied = True
        return reply.framing != "none"

    def _play(self, connection: socket.socket, request: Received, steps: Sequence[Step], framing: str) -> bool:
        for step in steps:
            if isinstance(step, bytes):
                connection.sendall(b"%x\r\n%b\r\n" % (len(step), step) if framing == "chunked" else step)
            elif isinstance(step, Pause):
                if not self._wait(connection, request, step.seconds):
                    return False
            elif step == HANG:
                self._wait(connection, request, 3600)
                return False
            else:
                if step == RESET:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
        return True

    def _wait(self, connection: socket.socket, request: Received, seconds: float) -> bool:
        """False when the peer hung up meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self._stopping.is_set():
            readable, _, _ = select.select([connection], [], [], min(left, 0.2))
            if readable and _closed(connection):
                request.hung_up_at = time.monotonic()
                return False
            if readable:  # a pipelined request is of no interest here
                time.sleep(min(left, 0.01))
        return not self._stopping.is_set()


def _closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


def _read_request(reader: Any) -> Received | None:
    line = reader.readline().decode("latin-1").strip()
    if not line:
        return None
    method, target, _ = line.split(" ")
    headers: dict[str, str] = {}
    while (line := reader.readline().decode("latin-1").rstrip("\r\n")) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = b""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        while size := int(reader.readline().split(b";")[0], 16):
            body += reader.read(size)
            reader.readline()
        reader.readline()
    else:
        body = reader.read(int(headers.get("content-length", 0)))
    return Received(method, target, headers, body, time.monotonic())
