"""`app.py` with files of a limited size: python -m tests.torture.small_disk BYTES COMMAND…

What a full disk does to a program, where no small file system can be mounted.
"""

import resource
import signal
import sys

if __name__ == "__main__":
    most = int(sys.argv.pop(1))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond it fails instead
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    from app import commands, main  # late: what is loaded before may write its caches

    main(commands)
