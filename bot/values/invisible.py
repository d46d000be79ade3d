"""What nobody sees in a text, and what acts on the text around it: controls, marks that steer direction, hidden signs.

Not here: how a face shows them (bot.faces.web.html, bot.faces.cli.terminal), what a model is shown of them
(bot.llm.prompts).
"""

import re

CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
"""Here and below: the inside of a character class. Not the tab, nor the two signs that end a line."""
SCOPES = "\u202a-\u202e\u2066-\u2069"
"""They open or close a direction of writing, and so reach beyond themselves."""
MARKS = "\u061c\u200e\u200f"
"""A direction without a width."""
HIDDEN = (
    "\u00ad\u034f\u115f\u1160\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f"
)
FLAG = "\U0001f3f4"
UNSEEN = re.compile(f"{FLAG}[\U000e0020-\U000e007e]+\U000e007f|[{SCOPES}{MARKS}{HIDDEN}{CONTROLS}]+")
"""All of these in runs; first the flags (Wales, Texas) that are spelt with such characters and may be."""
INSTEAD = "\ufffd"
_SCOPES = re.compile(f"[{SCOPES}]")
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def visible(text: str) -> str:
    """The text with a sign in place of each character that nobody sees: nobody can bear another's name but for these.

    Nothing of it acts on what stands around it any more. Flags stay whole.
    """
    return UNSEEN.sub(lambda run: run[0] if run[0].startswith(FLAG) else INSTEAD * len(run[0]), text)


def unsteered(text: str) -> str:
    """The text, as long as before, with a sign in place of what opens or closes a direction of writing."""
    return _SCOPES.sub(INSTEAD, text)


def on_one_line(text: str) -> str:
    """The text without a line break, each run of white space and controls as one space."""
    return _BREAKS.sub(" ", text).strip()
