"""Every error that a face may show, and nothing else.

    DiscussionError
    ├── UnreadableInput              what came in is not a discussion we can read
    │   ├── UnknownFormat            no reader recognises it
    │   ├── BrokenExport             a reader recognises it, and it is damaged
    │   └── InputTooLarge            over a limit that a setting names
    ├── FetchError                   what an address names could not be had
    │   ├── AddressRefused           an address that is not read from: not of a source, private, with a password
    │   ├── NothingThere             the source knows of nothing there
    │   ├── UnusableReply            the source replied with what makes no sense here
    │   ├── SourceUnavailable        the source cannot be reached, fails, or breaks off
    │   ├── SourceBusy               the source asks to be left alone for longer than we wait
    │   └── SourceTooSlow            over a time limit that a setting names
    ├── NotFound
    │   ├── ThreadNotFound
    │   ├── CommentNotFound
    │   ├── AuthorNotFound
    │   ├── AnswerNotFound
    │   └── JobNotFound
    ├── InvalidRequest               an argument makes no sense (an empty question, a bad cursor)
    ├── Cancelled                    somebody asked to stop; what was stored until then stays
    ├── TooMuchAtOnce                as much is being read in as this server takes on
    ├── InvalidSetting               a setting has a value that cannot be
    ├── LanguageModelFailed          the language model that is set cannot be used now; `why` says how it failed
    ├── StoreError
    │   ├── StoreUnusable            the record store cannot be opened or written
    │   ├── StoreTooNew              written by a newer version of this program
    │   └── WriterBusy               another process is the one writer
    └── RetrievalError
        ├── IndexUnusable            Chroma's folder or server cannot be used
        │   ├── EmbedderMismatch     its vectors were made by another model, runtime or precision
        │   └── IndexDamaged         its files are damaged: they can only be made anew
        └── ModelUnavailable         the encoder's weights are missing, altered or cannot be exported

A message quotes the offending value and says what is wrong; `next_step` says what to do about it.
"No answer" is not an error: see bot.values.answer.
"""

from typing import ClassVar


class DiscussionError(Exception):
    """What every face catches: an HTTP status, whether a retry can help, and the next step to name."""

    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    slug: ClassVar[str] = "discussion-error"
    title: ClassVar[str] = "Digg Deeper could not do that"

    def __init__(self, message: str, *, next_step: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.retry_after_s = retry_after_s
        """When a retry may help, where that is known."""

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class UnreadableInput(DiscussionError):
    status = 422
    slug = "unreadable-input"
    title = "The input could not be read"


class UnknownFormat(UnreadableInput):
    slug = "unknown-format"
    title = "No reader recognises the input"


class BrokenExport(UnreadableInput):
    slug = "broken-export"
    title = "The export is damaged"


class InputTooLarge(UnreadableInput):
    status = 413
    slug = "input-too-large"
    title = "The input is over the size limit"


class FetchError(DiscussionError):
    status = 502
    slug = "fetch-error"
    title = "The source could not be read"


class AddressRefused(FetchError):
    status = 422
    slug = "address-refused"
    title = "The address is not read from"


class NothingThere(FetchError):
    status = 404
    slug = "nothing-there"
    title = "The source has nothing there"


class UnusableReply(FetchError):
    slug = "unusable-reply"
    title = "The source replied with what cannot be used"


class SourceUnavailable(FetchError):
    retryable = True
    slug = "source-unavailable"
    title = "The source cannot be reached"


class SourceBusy(FetchError):
    status = 503
    retryable = True
    slug = "source-busy"
    title = "The source asks to be left alone for now"


class SourceTooSlow(FetchError):
    status = 504
    retryable = True
    slug = "source-too-slow"
    title = "The source took too long"


class NotFound(DiscussionError):
    status = 404
    slug = "not-found"
    title = "Not found"


class ThreadNotFound(NotFound):
    slug = "thread-not-found"
    title = "No such thread"


class CommentNotFound(NotFound):
    slug = "comment-not-found"
    title = "No such comment"


class AuthorNotFound(NotFound):
    slug = "author-not-found"
    title = "No such author"


class AnswerNotFound(NotFound):
    slug = "answer-not-found"
    title = "No such answer"


class JobNotFound(NotFound):
    slug = "job-not-found"
    title = "No such job"


class InvalidRequest(DiscussionError):
    status = 422
    slug = "invalid-request"
    title = "The request makes no sense"


class Cancelled(DiscussionError):
    status = 409
    slug = "cancelled"
    title = "It was cancelled"


class TooMuchAtOnce(DiscussionError):
    status = 503
    retryable = True
    slug = "too-much-at-once"
    title = "Too much is being read in already"


class InvalidSetting(DiscussionError):
    slug = "invalid-setting"
    title = "A setting cannot be used"


class LanguageModelFailed(DiscussionError):
    status = 503
    retryable = True
    slug = "language-model-failed"
    title = "The language model cannot be used"

    def __init__(self, why: str, message: str, *, next_step: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message, next_step=next_step, retry_after_s=retry_after_s)
        self.why = why
        """One of bot.values.fallback.Why."""


class StoreError(DiscussionError):
    slug = "store-error"
    title = "The record store failed"


class StoreUnusable(StoreError):
    status = 503
    slug = "store-unusable"
    title = "The record store cannot be used"


class StoreTooNew(StoreError):
    slug = "store-too-new"
    title = "The record store was written by a newer version"


class WriterBusy(StoreError):
    status = 503
    retryable = True
    slug = "writer-busy"
    title = "Another process is writing"


class RetrievalError(DiscussionError):
    slug = "index-error"
    title = "The index failed"


class IndexUnusable(RetrievalError):
    status = 503
    slug = "index-unusable"
    title = "The vector index cannot be used"


class EmbedderMismatch(IndexUnusable):
    status = 409
    slug = "embedder-mismatch"
    title = "The vectors were made by another encoder"


class IndexDamaged(IndexUnusable):
    slug = "index-damaged"
    title = "The vector index is damaged"


class ModelUnavailable(RetrievalError):
    status = 503
    slug = "model-unavailable"
    title = "The encoder's model is not available"
