"""What can be wrong: with the data files, or with a request for a number."""


class KnowledgeError(Exception):
    """Base of every error that this package raises on purpose."""


class DataError(KnowledgeError):
    """A data file is wrong. Read by whoever edits the data: names file, entry, and remedy."""

    def __init__(self, file: str, entry: str, problem: str) -> None:
        super().__init__(f"{file}: {entry}: {problem}")
        self.file, self.entry, self.problem = file, entry, problem


class NumberError(KnowledgeError):
    """No such number can be computed. Read by the person who asked: one clear sentence."""
