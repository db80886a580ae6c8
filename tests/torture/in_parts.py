"""`app.py` that opens a wave a hundred people at a time, so that a small one, too, is killed between its parts."""

from campaigns.waves import opening

opening.PART = 100

from cli.commands import commands  # noqa: E402 - it uses what was set above
from cli.context import main  # noqa: E402

if __name__ == "__main__":
    main(commands)
