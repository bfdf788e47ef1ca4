"""What is said where a form could not be used and the platform cannot show that in the form itself."""

from collections.abc import Mapping

from bot.views.model import Button, Layout, View, line

FILL_IN_AGAIN = "Fill in again"


def form_errors_view(errors: Mapping[str, str], *, form: str, value: str) -> View:
    """Return what was wrong, a line for each field, and the way back into the form."""
    first, *more = errors.values()
    return View(
        layout=Layout.NOTE,
        title=FILL_IN_AGAIN,
        lead=line(first),
        body=tuple(line(sentence) for sentence in more),
        buttons=(Button(FILL_IN_AGAIN, form, value=value),),
        is_refusal=True,
    )


def sure_view(button: Button) -> View:
    """Return the question behind a button that asks before it does something; its one button does it."""
    return View(
        layout=Layout.NOTE,
        title=button.label,
        lead=line(f"{button.label}?"),
        buttons=(Button(button.label, button.action, value=button.value),),
    )
