"""The only place that puts the parts together."""

from bot.digests.service import Digests
from bot.digests.store import KeptDigests
from bot.history.conversations import Conversations
from bot.history.saved_answers import SavedAnswers
from bot.history.withdrawal import review
from bot.library.indexes import Rankings
from bot.library.job_records import JobRecords
from bot.llm.allowance import Allowance
from bot.llm.client import Llm
from bot.llm.providers import language_model
from bot.product.product import DiggDeeper, Writer
from bot.settings import Settings
from bot.values.story import CommentPage, Digest, Ingested, SearchHit, Story
from bot.writers.generative import GenerativeWriter
from bot.writers.quotes import ExtractiveWriter
from corpus.fetching.fetch import Limits
from corpus.fetching.sources import Sources
from corpus.records.store import ThreadStore

__all__ = ["CommentPage", "Digest", "DiggDeeper", "Ingested", "SearchHit", "Story", "assemble"]


def assemble(settings: Settings | None = None) -> DiggDeeper:
    """The product over one home folder. The encoder and Chroma are opened when they are first needed."""
    settings = settings or Settings.load()
    _one_thread_a_product()
    store = ThreadStore(settings.database_url, on_change=review)
    llm = language_model(settings, Allowance(store.engine, a_day=settings.llm_tokens_per_day))
    rankings = Rankings(settings, on_lacking=store.mark_lacking)
    return DiggDeeper(
        settings,
        store=store,
        rankings=rankings,
        writer=_writer(settings, llm),
        saved=SavedAnswers(store.engine),
        conversations=Conversations(store.engine),
        job_records=JobRecords(store.engine),
        sources=Sources.at(hackernews_api=settings.hackernews_api, limits=_limits(settings)),
        digests=Digests(KeptDigests(store.engine), rankings),
        llm=llm,
    )


def _one_thread_a_product() -> None:
    """Rankings multiply small matrices. numpy's BLAS would split each between all cores, and its threads wait for the
    next one spinning: that costs four times the CPU time, and on a busy machine several times the time by the clock.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")


def _writer(settings: Settings, llm: Llm | None) -> Writer:
    quotes = ExtractiveWriter()
    if llm is None:
        return quotes
    return GenerativeWriter(llm, quotes, evidence_tokens=settings.llm_evidence_tokens)


def _limits(settings: Settings) -> Limits:
    return Limits(
        max_bytes=settings.max_input_bytes,
        total_s=settings.fetch_total_s,
        connect_s=settings.fetch_connect_s,
        read_s=settings.fetch_read_s,
        wait_s=settings.fetch_wait_s,
    )
