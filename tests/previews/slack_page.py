"""What we send to Slack as a page that looks like it: every block we use and no other. Our own styles, none of theirs.

A block that is not known here is a mistake: the page must show exactly what is sent.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

type_block = Mapping[str, Any]

HERE = Path(__file__).parent
FONTS = HERE.parent.parent / "charts" / "fonts"


def message_page(
    blocks: Sequence[type_block], pictures: Mapping[str, bytes], *, is_dark: bool, time: str, hint: str = ""
) -> str:
    """Return a message with the bot's name above it. pictures: PNG by file id. hint: who can see it."""
    seen = f'<div class="hint">{escape(hint)}</div>' if hint else ""
    head = f'<b>spendbot</b> <span class="app">APP</span> <span class="time">{escape(time)}</span>'
    body = "".join(_block(block, pictures) for block in blocks)
    content = (
        f'{seen}<div class="row"><div class="face">$</div><div class="said"><p>{head}</p>{body}</div></div>'
    )
    return _page(f'<main class="message">{content}</main>', is_dark)


def home_page(view: type_block, *, is_dark: bool) -> str:
    """Return the Home tab."""
    body = "".join(_block(block, {}) for block in view["blocks"])
    tabs = "<nav><b>Home</b><span>Messages</span><span>About</span></nav>"
    return _page(f'<main class="home">{tabs}<div class="said">{body}</div></main>', is_dark)


def modal_page(view: type_block, *, is_dark: bool) -> str:
    """Return a form."""
    head = f"<header><b>{_words(view['title'])}</b><span>×</span></header>"
    body = "".join(_block(block, {}) for block in view["blocks"])
    send = f'<button class="main">{_words(view["submit"])}</button>' if "submit" in view else ""
    foot = f"<footer><button>{_words(view['close'])}</button>{send}</footer>"
    return _page(f'<main class="modal">{head}<div class="said">{body}</div>{foot}</main>', is_dark)


def _page(body: str, is_dark: bool) -> str:
    faces = "".join(
        f"@font-face{{font-family:Page;font-weight:{weight};src:url(data:font/ttf;base64,{_base64(FONTS / name)})}}"
        for weight, name in ((400, "Roboto-Regular.ttf"), (700, "Roboto-Bold.ttf"))
    )
    css = (HERE / "slack.css").read_text(encoding="utf-8")
    theme = "dark" if is_dark else "light"
    return (
        f'<!doctype html><meta charset="utf-8"><style>{faces}{css}</style><body class="{theme}">{body}</body>'
    )


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _block(block: type_block, pictures: Mapping[str, bytes]) -> str:
    if block["type"] == "image":
        return _image(block, pictures)
    return _BLOCKS[block["type"]](block)


def _image(block: type_block, pictures: Mapping[str, bytes]) -> str:
    data = base64.b64encode(pictures[block["slack_file"]["id"]]).decode()
    return f'<img src="data:image/png;base64,{data}" alt="{escape(block["alt_text"])}">'


def _rich_text(block: type_block) -> str:
    return "".join(_RICH[part["type"]](part) for part in block["elements"])


def _section(part: type_block) -> str:
    return f'<div class="text">{"".join(map(_element, part["elements"]))}</div>'


def _preformatted(part: type_block) -> str:
    return f"<pre>{''.join(map(_element, part['elements']))}</pre>"


def _element(element: type_block) -> str:
    words = escape(element["text"])
    style = element.get("style", {})
    if element["type"] == "link":
        words = f'<a href="{escape(element["url"])}">{words}</a>'
    if style.get("code"):
        words = f"<code>{words}</code>"
    return f"<b>{words}</b>" if style.get("bold") else words


def _table(block: type_block) -> str:
    rows = "".join(
        _row(row, block["column_settings"], "td" if index else "th")
        for index, row in enumerate(block["rows"])
    )
    return f'<div class="scroll"><table>{rows}</table></div>'


def _row(row: Sequence[type_block], settings: Sequence[type_block], tag: str) -> str:
    cells = "".join(
        f'<{tag} class="{setting["align"]}">{_cell(cell)}</{tag}>'
        for cell, setting in zip(row, settings, strict=True)
    )
    return f"<tr>{cells}</tr>"


def _cell(cell: type_block) -> str:
    return escape(cell["text"]) if cell["type"] == "raw_text" else _rich_text(cell)


def _context(block: type_block) -> str:
    return f'<div class="context">{"".join(map(_words, block["elements"]))}</div>'


def _actions(block: type_block) -> str:
    return f'<div class="actions">{"".join(map(_button, block["elements"]))}</div>'


def _button(element: type_block) -> str:
    return (
        "<button>⋯</button>"
        if element["type"] == "overflow"
        else f"<button>{_words(element['text'])}</button>"
    )


def _input(block: type_block) -> str:
    optional = ' <span class="optional">(optional)</span>' if block["optional"] else ""
    hint = f'<div class="context">{_words(block["hint"])}</div>' if "hint" in block else ""
    return f"<label>{_words(block['label'])}{optional}</label>{_field(block['element'])}{hint}"


def _field(element: type_block) -> str:
    if element["type"] == "plain_text_input":
        return f'<div class="field">{escape(element.get("initial_value", "")) or "&nbsp;"}</div>'
    chosen = element.get("initial_option")
    words = _words(chosen["text"]) if chosen else "Select an option"
    return f'<div class="field select">{words}</div>'


def _words(text: type_block) -> str:
    return escape(text["text"])


_RICH: dict[str, Callable[[type_block], str]] = {
    "rich_text_section": _section,
    "rich_text_preformatted": _preformatted,
}
_BLOCKS: dict[str, Callable[[type_block], str]] = {
    "rich_text": _rich_text,
    "table": _table,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "divider": lambda _: "<hr>",
}
