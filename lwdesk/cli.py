"""The command line: a face of `app` that prints."""


def run(arguments: list[str]) -> int:
    """Run one command. Returns the exit status."""
    raise NotImplementedError(arguments)
