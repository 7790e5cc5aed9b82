"""Mail servers that should not be let near a password: one TLS server for every fault of a certificate, one that lost its STARTTLS, and one
that signs in, or says that it cannot at present. They speak just enough IMAP for a mailbox without mails, and keep what they were told."""
import pathlib
import socket
import ssl
import subprocess
import threading

DAY = 86400


def openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class Certificates:
    """A CA of its own and leaves with faults; ca.pem is what the service trusts."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        (self.folder / "index.txt").touch()
        (self.folder / "serial").write_text("01\n")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.folder / "ca.key", "-out", self.folder / "ca.pem", "-days", 30,
                "-subj", "/CN=test CA of doors")

    def leaf(self, name, host="localhost", key="rsa:2048", digest="sha256", begin="-1", end="+30"):
        """PEM of key and chain; begin and end in days from now."""
        at = self.folder / name
        (at.with_suffix(".ext")).write_text(f"subjectAltName=DNS:{host}\n")
        openssl("req", "-newkey", key, "-nodes", "-keyout", at.with_suffix(".key"), "-out", at.with_suffix(".csr"), "-subj", f"/CN={host}")
        config = at.with_suffix(".cnf")
        config.write_text(f"[ca]\ndefault_ca=d\n[d]\ndir={self.folder}\ndatabase={self.folder}/index.txt\nserial={self.folder}/serial\n"
                          f"new_certs_dir={self.folder}\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n")
        dates = [subprocess.run(["date", "-u", "-d", f"{days} days", "+%y%m%d%H%M%SZ"], check=True, capture_output=True, text=True).stdout.strip()
                 for days in (begin, end)]
        openssl("ca", "-batch", "-config", config, "-cert", self.folder / "ca.pem", "-keyfile", self.folder / "ca.key", "-md", digest, "-in",
                at.with_suffix(".csr"), "-out", at.with_suffix(".crt"), "-startdate", dates[0], "-enddate", dates[1], "-extfile", at.with_suffix(".ext"),
                "-notext")
        at.with_suffix(".pem").write_text(at.with_suffix(".key").read_text() + at.with_suffix(".crt").read_text())
        return at.with_suffix(".pem")

    def self_signed(self, name):
        at = self.folder / name
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", at.with_suffix(".key"), "-out", at.with_suffix(".crt"), "-days", 30, "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
        at.with_suffix(".pem").write_text(at.with_suffix(".key").read_text() + at.with_suffix(".crt").read_text())
        return at.with_suffix(".pem")


class Door:
    """An IMAP server on loopback. `pem` None: no TLS at all, and no word of STARTTLS. `said`: all lines of clients; `login`: its answer."""

    def __init__(self, pem=None, version=None, starttls=None):
        self.login, self.said, self.lock, self.starttls = "OK done", [], threading.Lock(), starttls
        self.context, self.met = None, 0
        if pem:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.set_ciphers("ALL:@SECLEVEL=0")
            if version:
                self.context.minimum_version = self.context.maximum_version = version
            self.context.load_cert_chain(pem)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.socket.accept()
            self.met += 1
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            client.settimeout(60)
            stream = self.context.wrap_socket(client, server_side=True) if self.context else client
            self.talk(stream, stream.makefile("rwb"))
        except (OSError, ValueError, IndexError):
            pass
        finally:
            client.close()

    def capability(self):
        return b"IMAP4rev1 IDLE AUTH=PLAIN SASL-IR" + (b" STARTTLS" if self.starttls else b"")

    def talk(self, _, file):
        def say(*lines):
            file.write(b"".join(line + b"\r\n" for line in lines))
            file.flush()
        say(b"* OK [CAPABILITY " + self.capability() + b"] ready")
        while line := file.readline():
            with self.lock:
                self.said.append(line)
            tag, word, *_ = line.split() + [b""]
            word = word.upper()
            if word == b"CAPABILITY":
                say(b"* CAPABILITY " + self.capability(), tag + b" OK done")
            elif word == b"STARTTLS":
                say(tag + b" " + self.starttls)
            elif word in (b"LOGIN", b"AUTHENTICATE"):
                say(tag + b" " + self.login.encode())
            elif word == b"EXAMINE":
                say(b"* 0 EXISTS", b"* OK [UIDVALIDITY 1] x", b"* OK [UIDNEXT 1] x", tag + b" OK [READ-ONLY] done")
            elif word == b"UID":
                say(b"* SEARCH", tag + b" OK done")
            elif word == b"IDLE":
                say(b"+ idling")
                file.readline()
                say(tag + b" OK done")
            elif word == b"LOGOUT":
                return say(b"* BYE", tag + b" OK done")
            else:
                say(tag + b" BAD what")

    @property
    def credentials(self):
        """Whether anybody tried to sign in here."""
        with self.lock:
            return any(word in line.upper() for line in self.said for word in (b"LOGIN ", b"AUTHENTICATE"))


class Upgrade(Door):
    """It does encrypt after STARTTLS, with `pem`; `injected` is what somebody in between put behind its answer, still in clear (CVE-2021-22947)."""

    def __init__(self, pem, injected=b"", version=None):
        super().__init__(pem, version, starttls=b"OK begin")
        self.inner, self.context, self.injected = self.context, None, injected

    def upgrade(self, stream, answer):
        """Answers, and gives the encrypted file."""
        stream.sendall(answer + b"\r\n" + self.injected)
        self.starttls = None
        return self.inner.wrap_socket(stream, server_side=True).makefile("rwb")

    def talk(self, stream, file):
        file.write(b"* OK [CAPABILITY " + self.capability() + b"] ready\r\n")
        file.flush()
        while line := file.readline():
            with self.lock:
                self.said.append(line)
            tag, word, *_ = line.split() + [b""]
            if word.upper() == b"STARTTLS":
                return super().talk(stream, self.upgrade(stream, tag + b" OK begin"))
            file.write(b"* CAPABILITY " + self.capability() + b"\r\n" + tag + b" OK done\r\n")
            file.flush()
        return None


class Post(Upgrade):
    """The same for mail that is handed over: `said` has all lines, the mail too. `how`: tls, starttls, or what is wrong with its STARTTLS."""

    def __init__(self, pem, how, injected=b"", version=None):
        super().__init__(pem, injected, version)
        self.how = how
        if how == "tls":
            self.context = self.inner

    def talk(self, stream, file):
        def say(*lines):
            file.write(b"".join(line + b"\r\n" for line in lines))
            file.flush()
        say(b"220 test ESMTP")
        encrypted = self.how == "tls"
        while line := file.readline():
            with self.lock:
                self.said.append(line)
            word = line[:4].upper()
            if word == b"EHLO":
                say(b"250-test", *([b"250-STARTTLS"] if not encrypted and self.how != "stripped" else []), b"250 AUTH PLAIN LOGIN")
            elif word == b"STAR":
                if self.how in ("stripped", "refused"):
                    say(b"454 not today")
                elif self.how == "pretended":
                    say(b"220 go on")
                else:
                    file, encrypted = self.upgrade(stream, b"220 go on"), True
            elif word == b"AUTH":
                if len(line.split()) == 2:
                    say(b"334 ")
                    with self.lock:
                        self.said.append(file.readline())
                say(b"235 in")
            elif word == b"DATA":
                say(b"354 go on")
                while (more := file.readline()) and more != b".\r\n":
                    with self.lock:
                        self.said.append(more)
                say(b"250 taken")
            elif word == b"QUIT":
                return say(b"221 bye")
            else:
                say(b"250 fine")
        return None
