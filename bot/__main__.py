"""`python -m bot` and the installed `spendbot`: hands the words to the command line."""

import gc
import sys
from io import TextIOWrapper


def main() -> None:
    """Run the command line and exit with its code: 0 done, 1 something failed, 2 the words were wrong."""
    gc.disable()  # nothing that is loaded is garbage, and looking for it takes a tenth of a short command
    from bot.cli import run_words

    gc.freeze()
    gc.enable()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 still gets its answer
    code = run_words(sys.argv[1:])
    gc.freeze()  # the interpreter would look through everything once more before it leaves
    sys.exit(code)


if __name__ == "__main__":
    main()
