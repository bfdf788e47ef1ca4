"""`python -m bot` and the installed `spendbot`: hands the words to the command line."""

import sys


def main() -> None:
    """Run the command line and exit with its code: 0 done, 1 something failed, 2 the words were wrong."""
    from bot.cli import run_words

    sys.exit(run_words(sys.argv[1:]))


if __name__ == "__main__":
    main()
