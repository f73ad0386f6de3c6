"""The network between the clients and the server."""

from .messages import GRANT, Message


class Network:
    """Two links, one to the server and one to the clients, each with room for one datagram.

    A datagram stays on its link until the link loses it or a newer one takes its place. Until then
    it may arrive any number of times, soon or late, or not at all.
    """

    def __init__(self):
        self.to_server = None
        self.to_clients = None

    def send(self, message: Message) -> None:
        if message.kind == GRANT:
            self.to_clients = message
        else:
            self.to_server = message

    def lose(self, message: Message) -> None:
        if self.to_server == message:
            self.to_server = None
        elif self.to_clients == message:
            self.to_clients = None
