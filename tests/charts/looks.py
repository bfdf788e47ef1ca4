"""What must hold for every picture, however odd its spec: size, and texts that neither touch nor are cut."""

import io
from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.transforms import Bbox
from PIL import Image

from charts.canvas import Canvas

# Line boxes are a little taller than the letters in them: neighbouring lines may share this much, in px of the file.
_LEADING = 7.0


def assert_legible(canvas: Canvas) -> None:
    """Fail when a text reaches over the edge of the picture or into another text."""
    renderer = FigureCanvasAgg(canvas.figure).get_renderer()
    width, height = canvas.figure.bbox.size
    extents = [(text.get_text(), text.get_window_extent(renderer)) for text in canvas.texts]
    for words, extent in extents:
        assert extent.x0 >= 0, f"{words!r} is cut at the left"
        assert extent.x1 <= width - 24, f"{words!r} is cut at the right"
        assert extent.y0 + _LEADING >= 0, f"{words!r} is cut at the bottom"
        assert extent.y1 - _LEADING <= height, f"{words!r} is cut at the top"
    for (one, first), (other, second) in combinations(extents, 2):
        assert not Bbox.overlaps(_letters(first), _letters(second)), f"{one!r} touches {other!r}"


def assert_shape(png: bytes) -> None:
    """Fail unless the file is 1080 px wide, not taller than wide, and of a size that sends at once."""
    image = Image.open(io.BytesIO(png))
    image.load()
    assert image.width == 1080
    assert 240 <= image.height <= 1080
    assert len(png) <= 80_000


def _letters(extent: Bbox) -> Bbox:
    return Bbox.from_extents(extent.x0, extent.y0 + _LEADING, extent.x1, extent.y1 - _LEADING)
