"""A form is read whole, however its bytes come: the network cuts where it likes."""

import asyncio
from unittest.mock import Mock

from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request

from tests.fakes.discord.rest import read_body

PICTURE = bytes(range(256)) * 64  # two reads long


async def test_a_picture_whose_first_bytes_come_alone_is_read_whole() -> None:
    loop = asyncio.get_running_loop()
    protocol = BaseProtocol(loop)
    protocol.connection_made(Mock(spec=asyncio.Transport))
    reader = StreamReader(protocol, limit=2**16, loop=loop)
    request = make_mocked_request(
        "POST",
        "/",
        headers={"Content-Type": "multipart/form-data; boundary=a-boundary-of-a-form"},
        payload=reader,
        protocol=Mock(max_field_size=8190, max_headers=128),
    )
    head = b'--a-boundary-of-a-form\r\nContent-Disposition: form-data; name="files[0]"\r\n\r\n'
    reading = asyncio.ensure_future(read_body(request))
    for piece in (head + PICTURE[:3], PICTURE[3:6], PICTURE[6:] + b"\r\n--a-boundary-of-a-form--\r\n"):
        reader.feed_data(piece)
        for _ in range(10):  # turns of the loop, so that it waits for more
            await asyncio.sleep(0)
    reader.feed_eof()

    assert await reading == ({}, {"0": PICTURE})
