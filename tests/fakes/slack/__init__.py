"""A Slack of our own on loopback, as a real server: Web API, uploads, response URLs, Socket Mode and HTTP mode.

`FakeSlack` is the server and its people; `world.py` keeps what a person would see there, counted at Slack's own door.
`python -m tests.fakes.slack` runs it as a process of its own.
"""

from tests.fakes.slack.acts import Act
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Channel, Message, Modal, Person

__all__ = ["Act", "Channel", "FakeSlack", "Fault", "Message", "Modal", "Person"]
