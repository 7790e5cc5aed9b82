"""A loopback HTTP proxy before a real server that loses, breaks and replaces answers as a test tells it."""
import socket
import threading
import time

HOST = "127.0.0.1"


class Request:
    def __init__(self, head, body):
        self.head, self.body = head, body
        self.method, self.path, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)

    def fields(self):
        """Headers by their name in small letters."""
        lines = (line.partition(":") for line in self.head.decode("latin-1").split("\r\n")[1:])
        return {name.strip().lower(): value.strip() for name, _, value in lines}


class Proxy:
    """`rule(request)` says what happens: None forwards; "swallow" forwards and loses the answer; "drop" loses the
    request; ("answer", status, headers, body) replaces the server; ("raw", chunks, pause) sends bytes; ("before", f)
    calls f and then forwards."""

    def __init__(self, port):
        self.upstream = port
        self.rule = lambda request: None
        self.contract = None  # agreed.Contract that everything is held against
        self.seen = []
        self.listener = socket.create_server((HOST, 0), backlog=32)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def writes(self, is_write):
        return sum(1 for request in self.seen if is_write(request))

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client:
            client.settimeout(20)
            try:
                request = self.read(client)
                if request:
                    self.seen.append(request)
                    if self.contract:
                        self.contract.request(request)
                    self.act(client, request, self.rule(request))
            except OSError:
                pass

    @staticmethod
    def read(client):
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = client.recv(65536)
            if not chunk:
                return None
            data += chunk
        head, body = data.split(b"\r\n\r\n", 1)
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                length = int(value)
        while len(body) < length:
            body += client.recv(65536)
        return Request(head, body)

    def act(self, client, request, action):
        if action == "drop":
            return
        if isinstance(action, tuple) and action[0] == "answer":
            _, status, headers, body = action
            head = f"HTTP/1.1 {status} Test\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            client.sendall(head.encode() + b"\r\n" + body)
            return
        if isinstance(action, tuple) and action[0] == "raw":
            for chunk in action[1]:
                client.sendall(chunk)
                time.sleep(action[2])
            return
        if isinstance(action, tuple) and action[0] == "before":
            action[1]()
        answer = self.forward(request)
        if self.contract:
            self.contract.answer(request, answer)
        if action != "swallow":
            client.sendall(answer)

    def forward(self, request):
        lines = request.head.split(b"\r\n")
        kept = [line for line in lines[1:] if not line.lower().startswith((b"connection:", b"host:"))]
        head = b"\r\n".join([lines[0], b"Host: %s:%d" % (HOST.encode(), self.upstream), b"Connection: close", *kept])
        with socket.create_connection((HOST, self.upstream), timeout=20) as server:
            server.sendall(head + b"\r\n\r\n" + request.body)
            answer = b""
            while chunk := server.recv(65536):
                answer += chunk
        return answer
