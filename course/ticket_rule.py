"""The rule behind `course.tickets`: the phrases of a message and what each is worth.

A message takes one phrase from each slot: an opening, a request or a fault, for a fault
its beginning, what is at stake, what happened before, a closing. An empty phrase means
that the slot is left out. Left out of the rule: phrases whose effect depends on others.
"""

from dataclasses import dataclass

import numpy as np

MONTHS = 12
SHARE_OF_FAULTS = 0.6  # of the messages; the others are requests
SHORTCUT = "Sent from my phone."  # no effect of its own
OPENINGS = dict.fromkeys(
    (
        *("", "Hello,", "Hello everyone,", "Hi,", "Good morning,", "Good afternoon,"),
        *("Dear team,", "Dear support,"),
    ),
    0.0,
)
# The first request is what the effects of the others are measured against.
REQUESTS = {
    "I have a question about my plan.": 0.0,
    "I would like to change my address.": -0.8,
    "Please send a copy of the invoice.": -0.5,
    "How can my contract be extended?": 0.2,
}
FAULTS = {
    "The router has stopped working.": 1.6,
    "I cannot log in.": 1.2,
    "I was charged twice.": 1.0,
    "The app crashes at once.": 0.8,
    "My parcel did not arrive.": 0.6,
    "The screen shows an error code.": 0.3,
}
NEW_FAULT = "The solar charger gets hot."  # there is none before the drift
BEGINNINGS = {
    "": 0.0,
    "It began this morning.": 0.7,
    "It began after the update.": 0.3,
    "It has been like this for weeks.": -0.5,
}
STAKES = {
    "": 0.0,
    "We lose customers every hour.": 1.8,
    "An answer before tomorrow would help.": 1.2,
    "I am leaving for a trip on Friday.": 0.5,
    "A short reply is enough.": -0.4,
    "I am only curious.": -1.0,
    "There is no hurry.": -1.6,
}
HISTORY = {
    "": 0.0,
    "This is the third message.": 0.9,
    "The manual says nothing about it.": 0.0,
    "Your colleague was very friendly.": -0.4,
}
CLOSINGS = dict.fromkeys(
    (
        *("", "Thank you.", "Thanks in advance.", "Many thanks!", "Best wishes."),
        *("Kind regards.", "Greetings.", "Have a nice day."),
    ),
    0.0,
)
_AFTER_DRIFT = {
    "I cannot log in.": -0.6,  # passwords can now be reset without the desk
    "The app crashes at once.": 2.0,
    NEW_FAULT: 1.4,
}


def effects(after_drift: bool = False) -> dict[str, float]:
    """Return the truth: what each phrase adds to the log-odds of "urgent".

    Args:
        after_drift: Whether to give what holds from the drift month on.

    Returns:
        Phrase -> log-odds, 0 for one that makes no difference. A message has exactly
        one request or fault, measured against the first request; of other phrases the
        effect is that of having it against not having it.

    Example:
        >>> effects()["There is no hurry."], effects()["Thank you."]
        (-1.6, 0.0)
        >>> effects(after_drift=True)["I cannot log in."]
        -0.6
    """
    slots = (OPENINGS, REQUESTS, FAULTS, BEGINNINGS, STAKES, HISTORY, CLOSINGS)
    known = {phrase: effect for slot in slots for phrase, effect in slot.items()}
    known |= {SHORTCUT: 0.0} | (_AFTER_DRIFT if after_drift else {})
    return {phrase: effect for phrase, effect in known.items() if phrase}


@dataclass(frozen=True)
class Message:
    """What was drawn for a message.

    Attributes:
        phrases: In their order, without empty ones.
        month: 1 to 12.
        log_odds: The sum of the phrases' effects, without the intercept.
    """

    phrases: tuple[str, ...]
    month: int
    log_odds: float

    @property
    def text(self) -> str:
        """The phrases as a text: behind "Hello," it goes on in small letters."""
        text = ""
        for phrase in self.phrases:
            goes_on = text.endswith(",") and phrase.split()[0] != "I"
            text += " " + (phrase[0].lower() + phrase[1:] if goes_on else phrase)
        return text.strip()


def draw_messages(
    generator: np.random.Generator, n: int, drift_month: int | None = None
) -> list[Message]:
    """Draw different messages, phrase by phrase.

    Args:
        generator: Of the random choices.
        n: How many; 50,176 are possible, and 8,000 take a fraction of a second.
        drift_month: Month from which the rule after the drift holds; None for never.

    Example:
        >>> first, second = draw_messages(np.random.default_rng(0), 2)
        >>> first.phrases != second.phrases
        True
    """
    messages: dict[tuple[str, ...], Message] = {}
    while len(messages) < n:
        month = int(generator.integers(1, MONTHS + 1))
        drifted = drift_month is not None and month >= drift_month
        faults = [*FAULTS, NEW_FAULT] if drifted else list(FAULTS)
        broken = generator.random() < SHARE_OF_FAULTS
        slots = [OPENINGS, faults if broken else REQUESTS]
        slots += [BEGINNINGS] * broken + [STAKES, HISTORY, CLOSINGS]
        drawn = [list(slot)[generator.integers(len(slot))] for slot in slots]
        phrases = tuple(phrase for phrase in drawn if phrase)
        truth = effects(after_drift=drifted)
        log_odds = sum(truth[phrase] for phrase in phrases)
        messages.setdefault(phrases, Message(phrases, month, log_odds))
    return list(messages.values())
