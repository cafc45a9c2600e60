"""The drawing process: reads charts from standard input, writes pictures to standard output.

A request is the length of a pickled chart (4 bytes, most significant first) and the chart;
a reply is a byte, 1 for a picture and 0 for the reason why there is none, a length, and that.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys

LENGTH = struct.Struct(">I")
HEAD = struct.Struct(">BI")


def main() -> None:
    """Draw until the input ends, which it does however the main program ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main program
    if hasattr(os, "nice"):
        os.nice(10)
    source, replies = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print must not become part of a picture
    from bot.charts.picture import png

    while head := source.read(LENGTH.size):
        request = source.read(*LENGTH.unpack(head))
        try:
            # Only the program that started this one can write here.
            said = 1, png(pickle.loads(request))  # noqa: S301
        except Exception as error:
            said = 0, f"{type(error).__name__}: {error}".encode()
        replies.write(HEAD.pack(said[0], len(said[1])) + said[1])
        replies.flush()


if __name__ == "__main__":
    main()
