#!/usr/bin/python3
"""Real mail servers for tests: Dovecot (IMAP, LMTP) without root or system configuration, and Postfix, which needs root.

    with Dovecot(folder) as mail:
        mail.deliver("anna@test.example", bytes)      # by LMTP
        mail.imaps, mail.starttls                     # ports on localhost; mail.ca: the file that signs for them
        mail.token("anna@test.example")               # for XOAUTH2
"""
import base64
import hashlib
import hmac
import imaplib
import json
import os
import pathlib
import pwd
import shutil
import smtplib
import ssl
import subprocess
import time

from servers import HOST, Server, free_port

SECRET = b"0123456789abcdef0123456789abcdef"
SCOPE = "https://mail.test.example/read"
USERS = {"anna@test.example": "secret-1", "bert@test.example": "secret-2"}


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def certificates(folder, name="localhost", days="30"):
    """ca.pem, cert.pem and key.pem in the folder."""
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *curve, "-keyout", f"{folder}/ca.key", "-out", f"{folder}/ca.pem", "-days", days, "-subj", "/CN=test CA")
    openssl("req", *curve, "-keyout", f"{folder}/key.pem", "-out", f"{folder}/s.csr", "-subj", f"/CN={name}")
    (folder / "ext").write_text(f"subjectAltName=DNS:{name}\n", encoding="utf-8")
    openssl("x509", "-req", "-in", f"{folder}/s.csr", "-CA", f"{folder}/ca.pem", "-CAkey", f"{folder}/ca.key", "-CAcreateserial", "-out",
            f"{folder}/cert.pem", "-days", days, "-extfile", f"{folder}/ext")


def jwt(user, seconds=3600):
    """What the test's OAuth provider would hand out: HS256, validated by Dovecot itself."""
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    now = int(time.time())
    claims = {"email": user, "sub": user, "scope": SCOPE, "iat": now - 5, "nbf": now - 5, "exp": now + seconds}
    text = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + b"." + part(json.dumps(claims).encode())
    return (text + b"." + part(hmac.new(SECRET, text, hashlib.sha256).digest())).decode()


CONFIG = """base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
info_log_path = {folder}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
auth_mechanisms = {mechanisms}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 50
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf.ext
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = username_format=%u {folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {folder}/users
}}
namespace inbox {{
  inbox = yes
}}
protocol imap {{
  rawlog_dir = {folder}/raw
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
"""


class Dovecot(Server):
    program = "/usr/sbin/dovecot"

    def __init__(self, folder, user=None, users=None, mechanisms="plain login xoauth2 oauthbearer"):
        super().__init__(folder, user)
        self.mechanisms = mechanisms
        self.imaps, self.starttls, self.lmtp, self.auth = (free_port() for _ in range(4))
        self.users = users or USERS
        self.ca = self.folder / "ca.pem"

    @classmethod
    def missing(cls):
        return None if shutil.which(cls.program) and pathlib.Path("/usr/lib/dovecot/lmtp").exists() else "dovecot is not installed"

    def __enter__(self):
        self.prepare()
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def prepare(self):
        for name in ("run", "state", "mail", "raw", "keys/default/HS256"):
            (self.folder / name).mkdir(parents=True)
        certificates(self.folder)
        entry = pwd.getpwnam(self.user) if self.user else pwd.getpwuid(os.getuid())
        lines = [f"{name}:{{PLAIN}}{word}:{entry.pw_uid}:{entry.pw_gid}::{self.folder}/mail/{name}::\n" for name, word in self.users.items()]
        (self.folder / "users").write_text("".join(lines), encoding="utf-8")
        (self.folder / "keys/default/HS256/default").write_bytes(base64.b64encode(SECRET))
        (self.folder / "oauth2.conf.ext").write_text(
            f"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={self.folder}/keys/\n"
            f"username_attribute = email\nusername_format = %u\nscope = {SCOPE}\n"
            "openid_configuration_url = https://localhost/.well-known/openid-configuration\n", encoding="utf-8")
        group = subprocess.run(["id", "-gn", entry.pw_name], capture_output=True, text=True, check=True).stdout.strip()
        (self.folder / "dovecot.conf").write_text(CONFIG.format(**{**vars(self), "user": entry.pw_name, "group": group}), encoding="utf-8")
        self.folder.chmod(0o755)
        self.own(self.folder)

    def start(self):
        self.launch([self.program, "-F", "-c", str(self.folder / "dovecot.conf")])
        self.wait()

    def ready(self):
        try:
            with smtplib.LMTP(HOST, self.lmtp) as lmtp:
                lmtp.ehlo()
            self.imap().logout()
            return True
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error):
            return False

    def deliver(self, to, *mails):
        """By LMTP, as a real server's last hop does it."""
        with smtplib.LMTP(HOST, self.lmtp) as lmtp:
            for mail in mails:
                lmtp.sendmail("sender@other.example", [to], mail)

    def imap(self, user="anna@test.example"):
        """A second client, past all of our code."""
        tls = ssl.create_default_context(cafile=self.ca)
        client = imaplib.IMAP4_SSL("localhost", self.imaps, ssl_context=tls)
        client.login(user, self.users[user])
        return client

    def state(self, user="anna@test.example"):
        """All that a reader could have changed: flags and MODSEQ of every mail, UIDNEXT, HIGHESTMODSEQ."""
        client = self.imap(user)
        status = client.status("INBOX", "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)")[1]
        client.select("INBOX", readonly=True)
        mails = client.fetch("1:*", "(UID FLAGS MODSEQ)")[1]
        client.logout()
        return status, mails

    def new_uid_validity(self, user="anna@test.example"):
        """As after a restored backup: the same mails under new numbers."""
        self.stop()
        for path in (self.folder / "mail" / user).glob("dovecot*"):
            path.unlink()
        self.start()

    @property
    def log(self):
        return (self.folder / "dovecot.log").read_text(errors="replace")

    @property
    def requests(self):
        """{file: bytes}: what IMAP clients sent behind the sign-in, decrypted; one file a session."""
        return {path: path.read_bytes() for path in sorted((self.folder / "raw").glob("*.in"))}

    def token(self, user="anna@test.example", seconds=3600):
        return jwt(user, seconds)


MAIN = """compatibility_level = 3.6
queue_directory = {folder}/pq
data_directory = {folder}/pdata
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.test.example
mydestination =
virtual_mailbox_domains = test.example
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:5.1.2 no external delivery in tests
smtpd_tls_cert_file = {certs}/cert.pem
smtpd_tls_key_file = {certs}/key.pem
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
"""
SERVICES = """pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Submission with TLS and sign-in, delivering to a Dovecot by LMTP. Needs root."""

    def __init__(self, folder, dovecot):
        self.folder, self.dovecot, self.port = pathlib.Path(folder).resolve(), dovecot, free_port()

    @staticmethod
    def missing():
        if os.geteuid() != 0:
            return "Postfix needs root"
        return None if shutil.which("/usr/sbin/postfix") else "postfix is not installed"

    def __enter__(self):
        for name in ("conf", "pq", "pdata"):
            (self.folder / name).mkdir(parents=True)
        self.folder.chmod(0o755)
        shutil.chown(self.folder / "pdata", "postfix")
        (self.folder / "conf/main.cf").write_text(MAIN.format(folder=self.folder, certs=self.dovecot.folder, lmtp=self.dovecot.lmtp,
                                                              auth=self.dovecot.auth), encoding="utf-8")
        (self.folder / "conf/master.cf").write_text(
            f"127.0.0.1:{self.port} inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\n" + SERVICES, encoding="utf-8")
        self.control("start")
        return self

    def __exit__(self, *_):
        self.control("stop")

    def control(self, word):
        # Daemons would keep a pipe of ours open.
        subprocess.run(["/usr/sbin/postfix", "-c", str(self.folder / "conf"), word], check=False, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def send(self, mail, sender="bert@test.example", to="anna@test.example"):
        """Submission over STARTTLS with a password, as a person's mail program does it."""
        tls = ssl.create_default_context(cafile=self.dovecot.ca)
        with smtplib.SMTP("localhost", self.port, timeout=20) as smtp:
            smtp.starttls(context=tls)
            smtp.login(sender, self.dovecot.users[sender])
            smtp.sendmail(sender, [to], mail)
