"""A headless Chromium that makes a PNG of a page, asked over its DevTools protocol on loopback.

Facts: Chrome DevTools Protocol, domains Target, Page, Emulation and Runtime, checked 2026-11-20.
"""

import asyncio
import base64
import io
import itertools
import os
import shutil
import tempfile
from types import TracebackType
from typing import Any, Self

import aiohttp
from PIL import Image

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
START_S = 60.0
_LISTENS = b"DevTools listening on "
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
_HEIGHT = "document.fonts.ready.then(() => Math.ceil(document.body.getBoundingClientRect().height))"


def find_chromium() -> str:
    """Return the program to draw with, '' when there is none. CHROMIUM names one."""
    named = os.environ.get("CHROMIUM", "")
    return next((found for name in (named, *PROGRAMS) if name and (found := shutil.which(name))), "")


class Browser:
    """A running Chromium with a profile of its own that is gone afterwards."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._numbers = itertools.count(1)
        self._has_loaded = False
        self._session = ""

    async def __aenter__(self) -> Self:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = await asyncio.create_subprocess_exec(
            self._program,
            *_QUIET,
            f"--user-data-dir={self._profile.name}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._http = aiohttp.ClientSession()
        async with asyncio.timeout(START_S):
            address = await self._address(self._process.stderr)
            self._socket = await self._http.ws_connect(address, max_msg_size=0)
        target = (await self._call("Target.createTarget", url="about:blank"))["targetId"]
        attached = await self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        await self._call("Page.enable")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()
        self._process.terminate()
        await self._process.wait()
        await self._complaints
        self._profile.cleanup()

    async def picture(self, url: str, *, width: int, scale: int = 2, prepare: str = "") -> bytes:
        """Return a page as PNG, as high as its body; `width` in its own pixels, `scale` real ones for each.

        prepare: a script whose promise is awaited before the page is measured. Raises RuntimeError where it fails.
        """
        await self._metrics(width, 100, scale)
        self._has_loaded = False
        await self._call("Page.navigate", url=url)
        while not self._has_loaded:
            self._note(await self._socket.receive_json())
        if prepare:
            done = await self._call("Runtime.evaluate", expression=prepare, awaitPromise=True)
            if "exceptionDetails" in done:
                raise RuntimeError(done["exceptionDetails"]["text"])
        answer = await self._call("Runtime.evaluate", expression=_HEIGHT, awaitPromise=True)
        height = int(answer["result"]["value"])
        await self._metrics(width, height, scale)
        shot = await self._call("Page.captureScreenshot", format="png")
        return small_png(base64.b64decode(shot["data"]))

    async def _metrics(self, width: int, height: int, scale: int) -> None:
        await self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )

    async def _address(self, complaints: asyncio.StreamReader | None) -> str:
        """Read where Chromium listens: it says so among its complaints, which are then read to their end."""
        assert complaints is not None
        async for line in complaints:
            if line.startswith(_LISTENS):
                self._complaints = asyncio.create_task(complaints.read())  # a full pipe would stop it
                return line.removeprefix(_LISTENS).decode().strip()
        raise RuntimeError(f"{self._program} ended by itself.")

    async def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        await self._socket.send_json(message | ({"sessionId": self._session} if self._session else {}))
        while (answer := await self._socket.receive_json()).get("id") != number:
            self._note(answer)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return dict(answer["result"])

    def _note(self, event: dict[str, Any]) -> None:
        if event.get("method") == "Page.loadEventFired":
            self._has_loaded = True


def small_png(png: bytes) -> bytes:
    """Return the picture with at most 256 colours, which a message does not exceed to the eye: a third of the size."""
    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
