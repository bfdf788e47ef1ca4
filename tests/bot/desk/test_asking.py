"""Questions from chat: who may ask, what one act does, how an answer is shown."""

from pathlib import Path

import pytest

from bot.desk import FieldErrors, How, Reply
from tests.bot.desk.arrivals import arrival, by_mira, lead, open_counter, view_of


async def test_a_member_is_answered_privately(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        reply = await counter.say("/spend today by model")

    assert reply.how is How.PRIVATE
    assert lead(reply) == "claude-opus-5 is 64% of today: $25.00 of $39.00."


async def test_the_same_act_twice_is_answered_once(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        first = await counter.desk.ask(arrival(act_id="trigger-1"), "/spend today")
        again = await counter.desk.ask(arrival(act_id="trigger-1"), "/spend today")

    assert first is not None
    assert again is None


async def test_share_shows_the_answer_to_all_with_who_asked(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        reply = await counter.say("/spend today share")

    assert reply.how is How.POST
    assert str(view_of(reply).body[-1]) == "Asked by Dana Weiss: /spend today"
    assert not view_of(reply).is_private
    assert "share" not in {button.action for button in view_of(reply).buttons}


async def test_a_refusal_is_never_shared(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        reply = await counter.say("/spend todya share")

    assert reply.how is How.PRIVATE
    assert lead(reply).startswith('"todya" is not a window.')


async def test_guests_and_outsiders_get_no_figures(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        reply = await counter.say("/spend today", arrival(may_ask=False))

    assert lead(reply) == "Figures are shown to members of Harbor Notes, in its channels."
    assert view_of(reply).table is None


async def test_a_server_that_is_not_linked_gets_one_sentence_and_no_data(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        place = await counter.desk.joined("discord", "1029384756", "Strangers")
        reply = await counter.say("spend", arrival(platform="discord", external_id="1029384756"))

    assert place is None
    assert lead(reply) == (
        "This server is not linked. Whoever runs spendbot adds 1029384756 to SPENDBOT_DISCORD_GUILDS."
    )


async def test_a_member_may_not_change_what_is_the_admins(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        said = await counter.lead("/budget set 500 monthly")
        budgets = await counter.bot.store.budgets()

    assert said == "Only admins set budgets here. Ask one of them."
    assert budgets == []


async def test_people_named_as_admins_are_admins_in_chat(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        await counter.say("/spend settings admin add slack:U2", by_mira())
        said = await counter.lead("/budget set 500 monthly")

    assert said.startswith("Budget set: $500 a month for Everything.")


async def test_typed_options_ask_the_same_as_words(tmp_path: Path) -> None:
    options = {
        "window": "last 7 days",
        "by": "model",
        "top": "1",
        "filter": "provider:openai",
        "vs": "last month",
    }
    async with open_counter(tmp_path) as counter:
        typed = await counter.desk.ask_typed(arrival(), ("spend",), options)
        said = await counter.say("/spend last 7 days by model top 1 provider:openai vs last month")

    assert typed is not None
    assert view_of(typed) == view_of(said)


async def test_a_key_among_typed_options_is_refused_without_repeating_it(tmp_path: Path) -> None:
    key = "sk-ant-admin01-abcdefghijklmnop"
    async with open_counter(tmp_path) as counter:
        reply = await counter.desk.ask_typed(by_mira(), ("spend", "disconnect"), {"name": key})

    assert lead(reply).startswith("That looks like a provider key; it was not kept.")
    assert key not in lead(reply)


async def test_a_fault_of_ours_is_said_with_the_code_that_the_log_has(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_counter(tmp_path) as counter:
        await counter.bot.store.keep_note("~broken", "spend", counter.bot.clock.now)
        counter.bot.house.provider = _no_provider
        said = await counter.lead("/spend connections")

    code = said.split()[-1].rstrip(".")
    assert said == f"This could not be added up; nothing was changed. The log calls it {code}."
    assert code in caplog.text + capsys.readouterr().out


def _no_provider(name: str) -> object:
    raise LookupError(name)


async def test_the_first_answer_in_a_new_place_is_the_greeting_once(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        first, second = await counter.lead("/spend"), await counter.lead("/spend")

    assert first == "spendbot is here for Harbor Notes: what LLM APIs cost, asked with /spend."
    assert second == "Nothing is connected yet, so there is nothing to count."


async def test_suggestions_are_names_in_use_and_only_for_who_may_ask(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        models = await counter.desk.suggest(arrival(), "filter", "opus")
        windows = await counter.desk.suggest(arrival(), "window", "last")
        for_guests = await counter.desk.suggest(arrival(may_ask=False), "filter", "opus")

    assert models == ["model:claude-opus-5"]
    assert windows == ["last week", "last month", "last 7 days"]
    assert for_guests == []


async def test_an_answers_picture_is_drawn_on_the_card_of_its_workspace(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        counter.bot.house.platforms["slack"] = counter.bot.house.platforms["console"]
        view = view_of(await counter.say("/spend today by model"))
        light = await counter.desk.picture(view, arrival())
        await counter.say("/spend settings pictures dark", by_mira())
        dark = await counter.desk.picture(view, arrival())

    assert light is not None
    assert dark is not None
    assert light.startswith(b"\x89PNG")
    assert light != dark


async def test_the_home_page_is_the_month_the_budgets_and_the_status(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        views = await counter.desk.home(arrival())
        for_guests = await counter.desk.home(arrival(may_ask=False))

    assert [view.title for view in views] == ["spend month", "budget list", "spend status"]
    assert "share" not in {button.action for view in views for button in view.buttons}
    assert [str(view.lead) for view in for_guests] == [
        "Figures are shown to members of Harbor Notes, in its channels."
    ]


async def test_a_budget_without_words_opens_its_form_for_admins(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        form = (await counter.say("/budget set", by_mira())).form
        by_member = await counter.say("/budget set")

    assert form is not None
    assert form.name == "set_budget"
    assert by_member.form is None
    assert lead(by_member) == "A budget needs an amount and a period: /budget set 500 monthly."


async def test_a_form_with_a_wrong_field_changes_nothing_and_says_which(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        values = {"amount": "5oo", "period": "monthly", "scope": "everything"}
        wrong_amount = await counter.desk.submit(by_mira(), "set_budget", values)
        values = {"amount": "500", "period": "monthly", "scope": "project:Nowhere"}
        wrong_scope = await counter.desk.submit(by_mira(), "set_budget", values)
        budgets = await counter.bot.store.budgets()

    assert wrong_amount == FieldErrors(
        {"amount": '"5oo" is not an amount. Write 500, 1,200 or 49.90, in USD.'}
    )
    assert isinstance(wrong_scope, FieldErrors)
    assert wrong_scope.errors["scope"].startswith("No project matches Nowhere")
    assert budgets == []


async def test_a_budget_is_set_by_form_and_its_channel_is_told_who_did_it(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        values = {"amount": "1,200 EUR", "period": "weekly", "scope": "model:gpt-*", "channel": "C9"}
        reply = await counter.desk.submit(by_mira(), "set_budget", values)
        (budget,) = await counter.bot.store.budgets()
        notes = [(each.platform, each.channel) for each in await counter.bot.store.deliveries()]

    assert lead(reply).startswith("Budget set: €1,200 a week for gpt-*.")
    assert (str(budget.limit), budget.currency, budget.period.value) == ("1200", "EUR", "week")
    assert ("slack", "C9") in notes


async def test_a_key_is_connected_by_form_and_a_refused_one_is_said_at_its_field(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        bot = counter.bot
        form = (await counter.say("/spend connect openai", by_mira())).form
        assert form is not None
        assert {field.name: field.value for field in form.fields}["provider"] == "openai"
        project_key = {"provider": "openai", "label": "", "key": "sk-proj-abcdefghijklmnopqrstuvwx"}
        wrong_kind = await counter.desk.submit(by_mira(), "connect", project_key)
        by_member = await counter.desk.submit(arrival(), "connect", project_key)
        not_opened = await counter.desk.form(arrival(), "connect", "openai")
        bot.house.config.base_urls["openai"] = bot.vendors.openai.base_url  # type: ignore[index]
        good = {"provider": "openai", "label": "Harbor OpenAI", "key": bot.vendors.openai.admin_key}
        reply = await counter.desk.submit(by_mira(), "connect", good)
        twice = await counter.desk.submit(by_mira(), "connect", good)
        (kept,) = await bot.store.connections()

    assert isinstance(wrong_kind, FieldErrors)
    assert wrong_kind.errors["key"].startswith("This is a project key (sk-proj-…).")
    assert lead(by_member) == "Only admins connect providers here. Ask one of them."
    assert isinstance(not_opened, Reply)
    assert lead(not_opened) == lead(by_member)
    assert lead(reply).startswith("Harbor OpenAI is connected (key …")
    assert (kept.label, kept.connected_by) == ("Harbor OpenAI", "slack:U1")
    assert twice == FieldErrors({"key": "This key is connected already, as Harbor OpenAI."})


async def test_a_button_asks_with_the_window_and_filters_of_its_answer(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        view = view_of(await counter.say("/spend today provider:*"))
        by_key = next(button for button in view.buttons if button.action == "by_key")
        in_place = await counter.desk.press(arrival(), by_key.action, by_key.value, on_answer=True)
        elsewhere = await counter.desk.press(arrival(), by_key.action, by_key.value, on_answer=False)

    assert by_key.value == "spend today provider:* by key"
    assert isinstance(in_place, Reply)
    assert isinstance(elsewhere, Reply)
    assert (in_place.how, elsewhere.how) == (How.REPLACE, How.PRIVATE)
    assert view_of(in_place).title == "spend today by key provider:*"


async def test_words_too_long_for_a_button_are_kept_and_found_again(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        bot = counter.bot
        view = view_of(await counter.say("/spend today " + " ".join(["provider:openai"] * 8)))
        share = next(button for button in view.buttons if button.action == "share")
        reply = await counter.desk.press(arrival(), share.action, share.value, on_answer=True)
        old = await counter.desk.press(arrival(), "share", "~nothing", on_answer=True)
        assert (await bot.store.note(share.value)).startswith("spend today provider:openai provider:openai")

    assert len(f"share:{share.value}") <= 100
    assert lead(reply).startswith("Today so far: $14.00")
    assert lead(old) == "This button is too old. Ask again: /spend help shows how."


async def test_an_unknown_button_is_refused_in_a_sentence(tmp_path: Path) -> None:
    async with open_counter(tmp_path) as counter:
        reply = await counter.desk.press(arrival(), "explode", "", on_answer=False)

    assert lead(reply).startswith("This button (explode) is of another version.")


async def test_the_example_says_twice_that_its_figures_are_made_up(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        view = view_of(await counter.desk.press(arrival(), "example", "", on_answer=True))

    assert str(view.lead).startswith("Example: claude-opus-5 is $95.41 of today's $162.51 (59%)")
    assert view.footer.startswith("Made-up figures")
    assert view.chart is not None


async def test_a_summary_without_a_place_comes_where_it_is_asked_for(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        said = await counter.lead("/spend summary at 09:00", by_mira())

    assert said == "The summary is posted in #ai-spend at 09:00 UTC each day."


async def test_a_summary_without_a_place_comes_where_alerts_go_and_stays_where_it_is(tmp_path: Path) -> None:
    async with open_counter(tmp_path, connected=False) as counter:
        await counter.say("/spend alerts here", by_mira(channel="C2", channel_name="#alerts"))
        first = await counter.lead("/spend summary at 09:00", by_mira())
        await counter.say("/spend summary here", by_mira(channel="C3", channel_name="#finance"))
        places = [each.channel for each in await counter.bot.store.channels("summary")]
        await counter.say("/spend summary at 10:00", by_mira())
        after = [each.channel for each in await counter.bot.store.channels("summary")]

    assert first == "The summary is posted in #alerts at 09:00 UTC each day."
    assert {"C2", "C3"} <= set(places)
    assert places == after
