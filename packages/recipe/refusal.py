"""Why a package is not built, as a sentence for whoever called."""


class Refusal(Exception):
    """A binary that is not what it is said to be, or a tool that is missing."""
