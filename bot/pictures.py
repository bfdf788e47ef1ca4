"""Pictures: a view's chart drawn off the event loop, on one thread of its own with a short queue.

One thread, because drawing holds the interpreter and two give no speed-up; a queue of its own, because the default
executor also serves DNS. A full queue means the answer goes without its picture and says so.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module

from bot.views.model import View

LONGEST_QUEUE = 16


class Drawer:
    """Draws charts; implements `ports.Pictures`."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="charts")
        self._waiting = 0

    async def warm(self) -> None:
        """Load what drawing needs: a second or two in which nothing else in this process gets on.

        Whoever has to acknowledge within 3 seconds does this before it listens.
        """
        await asyncio.get_running_loop().run_in_executor(self._executor, import_module, "charts.png")

    async def draw(self, view: View, *, theme: str) -> bytes | None:
        """Return PNG bytes; None without a chart, with a full queue, or when drawing failed (logged)."""
        if view.chart is None or self._waiting >= LONGEST_QUEUE:
            return None
        from charts.png import draw

        self._waiting += 1
        try:
            drawn = partial(draw, view.chart, "dark" if theme == "dark" else "light")
            return await asyncio.get_running_loop().run_in_executor(self._executor, drawn)
        except Exception:
            import structlog  # a question without a picture has no use for it

            log = structlog.get_logger("spendbot.pictures")
            log.exception("picture_failed", chart=type(view.chart).__name__)
            return None
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let the thread end once its drawing is done; nothing new is begun."""
        self._executor.shutdown(wait=True, cancel_futures=True)
