"""What a form says before it is there and after it was sent."""

TITLE = "spendbot"
ONE_MOMENT = "One moment: this form is being prepared."
CHECKING = "Checking. This takes up to 20 s; it goes on when this is closed."
CLOSE = "Close"
