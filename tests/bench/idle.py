"""A process that does nothing but look at the clock: as late as it is, every process is late on this machine now."""

import sys
import time

TICK = 0.005  # seconds between two looks


def main() -> None:
    """Prints when (monotonic seconds) a rest of `TICK` took how long, where it took twice as long or more."""
    last = time.monotonic()
    while True:
        time.sleep(TICK)
        last, before = time.monotonic(), last
        if last - before > 2 * TICK:
            sys.stdout.write(f"{last} {last - before}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
