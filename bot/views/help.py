"""The help: what can be asked, over which windows, what can be set, and what can be said of an alert."""

from bot.views.answer_data import answer_data
from bot.views.model import Layout, View, line


def help_view() -> View:
    """Build the help."""
    lead = line(
        "Ask: /spend, /spend today by model, /spend week vs last week, /spend why, /spend forecast, /spend burn. "
        "Cut by provider, project, model, key, day, hour (two at most)."
    )
    body = (
        line(
            "Windows: today, yesterday, week, month, last 7 days, since 2026-11-03, 2026-11-03..2026-11-09. "
            "Only some: model:gpt-5* project:Search"
        ),
        line(
            "Set: /budget set 500 monthly for project:Search, /spend alerts here, /spend summary at 09:00. "
            "Admins: /spend connect, /spend settings"
        ),
        line(
            "About an alert: /spend why K7Q2, /spend alerts expected K7Q2, /spend alerts false K7Q2; "
            "/spend alerts again K7Q2 takes that back."
        ),
    )
    return View(
        layout=Layout.NOTE,
        title="spend help",
        lead=lead,
        body=body,
        data=answer_data(title="spend help", lead=str(lead), facts=[str(item) for item in body]),
    )
