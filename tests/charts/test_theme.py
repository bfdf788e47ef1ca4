"""Contrast and colour-blindness, computed for both cards."""

from itertools import combinations

import numpy as np
import pytest

from charts.theme import DARK, LIGHT, Theme, contrast

# The published table (docs/charts.md): role, contrast on the light card, on the dark card.
TABLE = [
    ("ink", 16.0, 14.2),
    ("muted", 6.2, 7.4),
    ("blue", 5.1, 6.3),
    ("orange", 4.6, 6.8),
    ("grey", 3.1, 4.2),
    ("third", 8.8, 12.4),
    ("fourth", 8.0, 3.3),
]
# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
BLINDNESS = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


@pytest.mark.parametrize(("role", "light", "dark"), TABLE)
def test_contrast_against_the_card_is_as_published(role: str, light: float, dark: float) -> None:
    assert contrast(getattr(LIGHT, role), LIGHT.card) == pytest.approx(light, abs=0.1)
    assert contrast(getattr(DARK, role), DARK.card) == pytest.approx(dark, abs=0.1)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_has_4_5_and_marks_have_3_to_1(theme: Theme) -> None:
    assert (
        min(contrast(colour, theme.card) for colour in (theme.ink, theme.muted, theme.blue, theme.orange))
        >= 4.5
    )
    assert min(contrast(colour, theme.card) for colour in (theme.grey, theme.third, theme.fourth)) >= 3.0
    assert contrast(theme.on_blue, theme.blue) >= 4.5
    assert contrast(theme.on_grey, theme.grey) >= 4.5


@pytest.mark.parametrize("kind", BLINDNESS)
@pytest.mark.parametrize(("theme", "least"), [(LIGHT, 20.0), (DARK, 15.0)])
def test_strong_colours_are_told_apart_by_colour_blind_readers(kind: str, theme: Theme, least: float) -> None:
    strong = [theme.blue, theme.orange, theme.grey, theme.third, theme.fourth]
    seen = [_lab(np.array(BLINDNESS[kind]) @ _linear(colour)) for colour in strong]

    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) >= least


def _linear(colour: str) -> np.ndarray:
    channels = np.frombuffer(bytes.fromhex(colour[1:]), dtype=np.uint8) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _lab(linear: np.ndarray) -> np.ndarray:
    """CIELAB under D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = (to_xyz @ np.clip(linear, 0, 1)) / np.array([0.95047, 1.0, 1.08883])
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])
