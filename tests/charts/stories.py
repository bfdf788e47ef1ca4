"""The pictures of one story: Harbor Notes, Thu Nov 19 2026, 14:05 CET, when a key ran away. One spec of each kind."""

from itertools import accumulate

from charts.spec import (
    AxisLabel,
    Bars,
    Breakdown,
    BudgetRow,
    Budgets,
    Change,
    ChartSpec,
    FanPoint,
    GridLine,
    Hours,
    Limit,
    Mark,
    MonthBar,
    Point,
    Record,
    Role,
    Series,
    Slice,
    Slot,
    Spike,
    SpikeSlot,
    StripPart,
    Summary,
    Trend,
    Usual,
    Waterfall,
)

# Nov 1 (a Sunday) to Nov 17 are billed: 1,944.30.
BILLED = [58.50, 124.68, 134.00, 138.00, 133.50, 124.00, 65.50, 67.00, 141.03, 136.00, 137.33, 135.31, 129.27]
BILLED += [65.00, 66.40, 149.10, 139.68]
WEDNESDAY = 142.66
TODAY = 166.59
NOW = 18 + 14 / 24 + 5 / 1440
# The days of October, its first a Thursday: 3,128.25 in all.
OCTOBER = [
    116.0,
    113.0,
    55.0,
    56.0,
    *([117.0, 118.0, 117.5, 116.5, 114.0, 55.5, 56.0] * 3),
    118.0,
    119.0,
    118.5,
    120.0,
]
OCTOBER += [117.0, 112.25]
REST_OF_NOVEMBER = [54.0, 131.0, 66.0, 67.0, 138.0, 137.0, 138.0, 134.0, 129.0, 66.0, 68.0, 147.06]

CLOCK = tuple(AxisLabel(at, f"{at:02d}:00") for at in (0, 6, 12, 18, 24))


def trend() -> Trend:
    """The month with its forecast over the budget."""
    totals = [0.0, *accumulate(BILLED)]
    spent = [Point(float(day), amount) for day, amount in enumerate(totals)]
    spent += [Point(18.0, 2086.96, Mark.ESTIMATED), Point(NOW, 2253.55, Mark.OPEN)]
    middle = list(accumulate(REST_OF_NOVEMBER, initial=2253.55))
    days = [NOW, *(float(day) for day in range(19, 31))]
    fan = [
        FanPoint(day, amount, amount - 78.0 * n / 12, amount + 92.0 * n / 12)
        for n, (day, amount) in enumerate(zip(days, middle, strict=True))
    ]
    october = [Point(30 * day / 31, total) for day, total in enumerate([0.0, *accumulate(OCTOBER)])]
    return Trend(
        title="On course for $3,530, $230 over budget",
        subtitle="Month to date, USD · thin: estimated, dashed: forecast",
        alt="On course for $3,530, $230 over budget. Line chart, Nov 1 to 30: $2,253.55 spent by Nov 19, forecast "
        "3,450 to 3,620, budget $3,300 crossed around Nov 28; October ended at $3,128.",
        days=30,
        spent=tuple(spent),
        now_label="now $2,253.55",
        compared=tuple(october),
        compared_label="Oct $3,128",
        fan=tuple(fan),
        forecast_label="$3,530",
        range_label="3,450 to 3,620",
        budget=Limit(3300, "Budget $3,300"),
        grid=(GridLine(1000, "$1,000"), GridLine(2000, "$2,000"), GridLine(3000, "$3,000")),
        axis=(AxisLabel(0.5, "Nov 1"), AxisLabel(9.5, "10"), AxisLabel(18.5, "19"), AxisLabel(29.5, "30")),
    )


def bars() -> Bars:
    """The last fourteen days against the fourteen before; one without an answer from its source."""
    amounts = [*BILLED[4:], WEDNESDAY]
    slots = [Slot(amount) for amount in amounts]
    slots[-1] = Slot(WEDNESDAY, Mark.ESTIMATED, label="$142.66")
    return Bars(
        title="Last 14 days: $1,631.78, $61.20 more than the 14 days before",
        subtitle="USD per day · outlined: estimated, line: before",
        alt="Last 14 days: $1,631.78. Bar chart, Nov 5 to 18: highest $149.10 on Nov 16, lowest $65.00 on Nov 14.",
        slots=tuple(slots),
        compared=tuple(amount * 0.96 for amount in [*OCTOBER[21:31], *BILLED[:4]]),
        compared_label="14 days before",
        grid=(GridLine(50, "$50"), GridLine(100, "$100")),
        axis=(AxisLabel(0.5, "Nov 5"), AxisLabel(6.5, "11"), AxisLabel(13.5, "18", is_bold=True)),
    )


def layered() -> Bars:
    """Days by model: three layers and other, with a day that no source has answered for."""
    amounts = BILLED[-7:]
    slots = [Slot(amount) for amount in amounts]
    slots[2] = Slot(0.0, Mark.MISSING)
    slots[-1] = Slot(amounts[-1], Mark.ESTIMATED)
    shares = (("claude-sonnet-5", 0.4), ("gpt-5.2", 0.3), ("claude-opus-5", 0.2), ("other (3)", 0.1))
    return Bars(
        title="claude-sonnet-5 is 40% of the last 7 days",
        subtitle="USD per day, by model · outlined: estimated",
        alt="claude-sonnet-5 is 40% of the last 7 days. Stacked bar chart, Nov 11 to 17; no data for Nov 13.",
        slots=tuple(slots),
        layers=tuple(Series(name, tuple(amount * share for amount in amounts)) for name, share in shares),
        budget=Limit(120, "$120 a day"),
        grid=(GridLine(50, "$50"), GridLine(100, "$100")),
        axis=tuple(AxisLabel(n + 0.5, letter) for n, letter in enumerate("WTFSSMT")),
    )


def breakdown() -> Breakdown:
    """Today by model."""
    return Breakdown(
        title="claude-opus-5 is 57% of today, it was 13% last Thursday",
        subtitle="Thu Nov 19 to 14:05 CET, USD · tick: last Thursday",
        alt="claude-opus-5 is 57% of today, it was 13% last Thursday. Bars by model: claude-opus-5 $95.41, "
        "claude-sonnet-5 $26.85, gpt-5.2 $25.13, three smaller.",
        strip=(StripPart("Anthropic 76%", 0.7642), StripPart("OpenAI 24%", 0.2358)),
        rows=(
            Slice("claude-opus-5", "$95.41", "57%", 95.41, 10.53, Role.ACCENT),
            Slice("claude-sonnet-5", "$26.85", "16%", 26.85, 25.7),
            Slice("gpt-5.2", "$25.13", "15%", 25.13, 25.2),
            Slice("gpt-5-mini", "$10.07", "6%", 10.07, 10.3),
            Slice("claude-haiku-4-5", "$5.05", "3%", 5.05, 5.1),
            Slice("text-embedding-3-small", "$4.08", "3%", 4.08, 4.3),
        ),
        note="6 models, $166.59",
    )


def budgets() -> Budgets:
    """Three budgets, two of which will not last."""
    return Budgets(
        title="2 of 3 budgets will not last",
        subtitle="Thu Nov 19, 14:05 CET · light: forecast, line: limit",
        alt="2 of 3 budgets will not last. Bars: Agents 88% of $400, Everything 68% of $3,300, gpt-5.2 56% of $300.",
        rows=(
            BudgetRow(
                "Agents",
                "$352.01 of $400",
                "88%",
                "a month · over today if the loop goes on",
                352.01,
                400,
                535,
                True,
            ),
            BudgetRow(
                "Everything",
                "$2,253.55 of $3,300",
                "68%",
                "a month · about $3,530, over on Nov 28",
                2253.55,
                3300,
                3528.61,
                True,
            ),
            BudgetRow("gpt-5.2", "$167.21 of $300", "56%", "a week · about $277, fits", 167.21, 300, 277),
        ),
    )


def spike() -> Spike:
    """Today's hours with the runaway key on top."""
    rest = [0.8, 0.8, 6.5, 8.8, 4.1, 0.8, 1.6, 3.4, 7.0, 9.6, 10.5, 11.7, 9.8, 10.5, 0.6]
    cause = [0.0] * 10 + [6.1, 21.5, 24.9, 25.6, 1.99]
    usual = [0.8, 0.7, 5.6, 6.5, 2.7, 0.8, 1.6, 3.6, 7.1, 9.9, 10.8, 11.0, 9.4, 9.2, 11.8, 11.4, 9.4]
    usual += [6.6, 4.3, 3.6, 3.2, 2.3, 1.6, 0.8]
    slots = [SpikeSlot(*hour) for hour in zip(rest, cause, strict=True)]
    slots[-1] = SpikeSlot(rest[-1], cause[-1], Mark.OPEN)
    return Spike(
        title="agents-nightly: $80.09 since 10:00, usually nothing at this time",
        subtitle="All spend per hour, USD, Thu Nov 19, CET",
        alt="agents-nightly: $80.09 since 10:00, usually nothing. Hourly bars, Thu Nov 19: up to $36.10 at 13:00 "
        "where about $9 is usual; told at 11:20.",
        hours=24,
        slots=tuple(slots),
        cause_name="agents-nightly",
        cause_pace="$26 an hour",
        usual=tuple(Usual(amount, amount * 0.72, amount * 1.2 + 0.9) for amount in usual),
        usual_label="usual on a Thursday",
        told=AxisLabel(11 + 20 / 60, "told 11:20"),
        grid=(GridLine(10, "$10"), GridLine(20, "$20"), GridLine(30, "$30")),
        axis=CLOCK,
    )


def hours() -> Hours:
    """The mean weekday."""
    amounts = [0.8, 0.8, 6.1, 7.7, 3.4, 0.8, 1.5, 3.5, 7.3, 10.4, 10.8, 11.4, 9.4, 9.9, 11.69, 11.3, 9.6]
    amounts += [6.9, 4.4, 3.5, 3.2, 2.3, 1.6, 0.8]
    labels = {3: "night batch", 14: "$11.69"}
    return Hours(
        title="Working hours make 61% of a weekday, the night batch 12%",
        subtitle="Mean per hour, USD, last 5 weekdays, CET",
        alt="Working hours make 61% of a weekday, the night batch 12%. Hourly bars: highest $11.69 at 14:00.",
        slots=tuple(
            Slot(amount, role=Role.SUBJECT if 9 <= hour < 17 else Role.CONTEXT, label=labels.get(hour, ""))
            for hour, amount in enumerate(amounts)
        ),
        grid=(GridLine(5, "$5"), GridLine(10, "$10")),
        axis=CLOCK,
    )


def waterfall() -> Waterfall:
    """This week against the last one, by project."""
    return Waterfall(
        title="$102.69 more than last week, $100.25 of it Agents",
        subtitle="Mon to Thu 14:05 CET, USD, by project",
        alt="$102.69 more than last week, $100.25 of it Agents. Waterfall by project: Agents +$100.25, Support +$3.20.",
        before=("Last week", "$495.34"),
        steps=(
            Change("Agents", "+$100.25", 100.25, True),
            Change("Support", "+$3.20", 3.20),
            Change("Search", "+$0.92", 0.92),
            Change("Ingest", "−$1.01", -1.01),
            Change("Evals", "−$0.67", -0.67),
        ),
        change=Change("Change", "+$102.69", 102.69, True),
        after=("This week", "$598.03"),
    )


def summary() -> Summary:
    """The morning of Nov 19."""
    amounts = [*BILLED[4:], WEDNESDAY]
    slots = [Slot(amount, role=Role.CONTEXT) for amount in amounts]
    slots[6] = Slot(137.33, label="$137.33")
    slots[13] = Slot(WEDNESDAY, Mark.ESTIMATED, label="$142.66")
    return Summary(
        title="Wednesday $142.66, $5.33 more than last Wednesday",
        subtitle="USD per day · outlined: estimated, bill due Fri 01:00",
        alt="Wednesday $142.66, $5.33 more than last Wednesday. November $2,086.96 of $3,300, on course for $3,440.",
        slots=tuple(slots),
        axis=tuple(AxisLabel(n + 0.5, letter, n == 13) for n, letter in enumerate("TFSSMTWTFSSMTW")),
        month=MonthBar(
            "November $2,086.96, on course for $3,440",
            2086.96,
            "63% spent",
            3440,
            Limit(3300, "budget $3,300"),
            True,
        ),
        movers_heading="Against last Wednesday",
        movers=(
            Change("Agents", "+$5.69", 5.69, True),
            Change("Support", "−$0.97", -0.97),
            Change("other", "+$0.61", 0.61),
        ),
    )


def record() -> Record:
    """October as it was forecast on each of its days."""
    shown = tuple(
        FanPoint(
            day - 0.5,
            3108.0 + day % 3 * 4,
            3108.0 - 7.4 * (31 - day),
            3140.0 + 7.4 * (31 - day),
        )
        for day in range(1, 32)
    )
    return Record(
        title="October: every forecast was within 1% of the bill",
        subtitle="Month end as forecast on each day, USD",
        alt="October: every forecast was within 1% of the bill. Line chart, Oct 1 to 31.",
        days=31,
        shown=shown,
        actual=Limit(3128.25, "$3,128.25"),
        actual_word="billed",
        held_label="80% range: held on 31 of 31 days",
        dot=shown[18],
        dot_label="Oct 19: $3,110, 0.7% low",
        grid=(GridLine(2900, "$2,900"), GridLine(3300, "$3,300")),
        axis=(AxisLabel(0.5, "Oct 1"), AxisLabel(9.5, "10"), AxisLabel(18.5, "19"), AxisLabel(30.5, "31")),
    )


def stories() -> dict[str, ChartSpec]:
    """Give all of them by file name."""
    return {
        "trend": trend(),
        "bars": bars(),
        "layered": layered(),
        "breakdown": breakdown(),
        "budgets": budgets(),
        "spike": spike(),
        "hours": hours(),
        "waterfall": waterfall(),
        "summary": summary(),
        "record": record(),
    }
