"""Write every story as PNG files, light and dark, to be looked at: `python -m tests.charts.gallery DIR`."""

import sys
from pathlib import Path

from charts.png import draw
from charts.theme import THEMES
from tests.charts.stories import stories


def main(folder: Path) -> None:
    """Write NAME.png and NAME-dark.png for every story."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, spec in stories().items():
        for theme in THEMES:
            file = folder / (f"{name}.png" if theme == "light" else f"{name}-{theme}.png")
            file.write_bytes(draw(spec, theme))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
