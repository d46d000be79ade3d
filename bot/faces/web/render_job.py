"""What the page shows of a discussion being read in: how far it is, what came of it, how it was ended.

Not here: what happens in the meantime (bot.product.jobs), what a click does (page/page.js).
"""

from datetime import UTC, datetime

from bot.faces.web.html import Html, attribute, joined, several, words
from bot.values.job import Job
from bot.values.story import Ingested

OPENED_AFTER_S = 1.0
"""A story is opened while its vectors are still being made, unless that is nearly done when it could be."""
_STAGES = {
    "": "Reading",
    "reading": "Reading",
    "saving": "Saving",
    "waiting": "Waiting for another discussion",
    "embedding": "Making it findable by meaning",
}


def progress(job: Job) -> Html:
    """The bar, and a button that ends it. page.js changes what is in dd-job-now and leaves the rest, so that it can be
    clicked."""
    since = (datetime.now(UTC) - job.created_at).total_seconds()
    stored = job.threads[0].id if job.threads and since > OPENED_AFTER_S else ""
    hint = "It can be asked already: until this is done, it is answered by words alone." if stored else ""
    return Html(
        '<div class="dd-job" data-job="{}" data-stored="{}"><div class="dd-job-now">{}</div>'
        '<p class="dd-job-hint">{}</p><button type="button" class="dd-more" data-cancel="{}">Cancel</button></div>'
    ).format(attribute(job.id), attribute(stored), _now(job), hint, attribute(job.id))


def _now(job: Job) -> Html:
    stage = _STAGES.get(job.stage, job.stage.capitalize())
    if not job.total or job.stage == "waiting" or (job.stage == "saving" and job.total == 1):
        return Html('<p>{} …</p><progress aria-label="{}"></progress>').format(words(stage), attribute(stage))
    bar = Html('<progress max="{}" value="{}" aria-label="{}"></progress>').format(
        job.total, job.done, attribute(stage)
    )
    return Html("<p>{}: {:,} of {:,}</p>{}").format(words(stage), job.done, job.total, bar)


def ended(job: Job) -> Html:
    """What came of it."""
    if job.state == "done":
        return read(job.ingested)
    added = job.threads[0].id if job.threads else ""
    return Html('<div class="dd-read-in" role="status" data-added="{}"><p>{}</p></div>').format(
        attribute(added), words(job.outcome)
    )


def read(ingested: Ingested) -> Html:
    threads, skipped = ingested.threads, ingested.skipped
    first = threads[0].id if threads else ""
    told = ", ".join(f"“{t.title or t.id}” with {several(t.comments, 'post')}" for t in threads[:3])
    more = f" and {several(len(threads) - 3, 'more story', 'more stories')}" if len(threads) > 3 else ""
    left_out = [Html("<li>{}: {}</li>").format(words(each.where), words(each.reason)) for each in skipped[:100]]
    notes = joined(Html("<p>{}</p>").format(words(note)) for note in ingested.notes)
    return Html('<div class="dd-read-in" role="status" data-added="{}"><p>Read {}{}.</p>{}{}</div>').format(
        first,
        words(told),
        more,
        notes,
        Html("<details><summary>{} left out</summary><ul>{}</ul></details>").format(
            several(len(skipped), "record"), joined(left_out)
        )
        if skipped
        else "",
    )
