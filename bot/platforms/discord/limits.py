"""How much Discord takes. Lengths are counted in UTF-16 units, the largest of the ways in which clients count.

Facts: Discord API docs, "Message Resource" and "Component Reference"; Discord's own description of its HTTP API, July
2026.
"""

CONTENT = 2000
DESCRIPTION = 4096
FOOTER = 2048
EMBEDS_TOGETHER = 6000
ALT_TEXT = 1024

BUTTONS_IN_ROW = 5
ROWS = 5
BUTTON_LABEL = 80
BUTTON_URL = 512
CUSTOM_ID = 100

MODAL_TITLE = 45
MODAL_PARTS = 5  # the description allows 40; older clients show five
FIELD_LABEL = 45
FIELD_HINT = 100
TEXT_VALUE = 4000
TEXT_DISPLAY = 4000
CHOICES = 25
CHOICE_LABEL = 100
CHOICE_VALUE = 100


def units(text: str) -> int:
    """Return the length of a text as Discord may count it: characters beyond the basic plane count twice.

    >>> units("a\N{HEAVY CHECK MARK}"), units("\N{BAR CHART}")
    (2, 2)
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
