"""The Python replayer: `PYTHON replay_gate.py --channel=3`, in the application's folder."""

import os
import sys

# Nothing is written into this folder; the application's own modules get a cache elsewhere.
sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))


def main() -> None:
    from temporal_replay_gate.channel import open_channel

    channel = open_channel(sys.argv[1:])
    from temporal_replay_gate.program import run

    run(channel)


if __name__ == "__main__":
    # The application must find its own modules and none of this folder's; a package that is loaded finds
    # its submodules by itself.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or os.curdir) != HERE]
    sys.path.insert(0, HERE)
    import temporal_replay_gate  # noqa: F401

    sys.path.remove(HERE)
    main()
