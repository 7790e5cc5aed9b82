"""Ports for servers of the tests, which start a moment after the port was chosen."""
import random
import socket

HOST = "127.0.0.1"
# Below the range from which the kernel takes ports for outgoing connections (32768 on): no client of a test that runs beside us
# gets the port before the server has it.
FIRST, LAST = 12000, 32000


def free_port():
    while True:
        port = random.SystemRandom().randint(FIRST, LAST)
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
        return port
