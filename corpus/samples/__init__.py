"""The sample story: what a new user sees before there is anything else to see.

It is in the generic shape that `digg-deeper show --json` prints. Every person in it is invented; their handles are
longer than X allows, so none can be somebody's. Not here: reading it (corpus.readers) and its gold questions (tests).
"""

from importlib.resources import files

SAMPLE_NAME = "open-weights.json"
SAMPLE_THREAD_ID = "open-weights"


def sample() -> bytes:
    """The sample story as a file of it would be handed to `corpus.readers.read`."""
    return files(__name__).joinpath(SAMPLE_NAME).read_bytes()
