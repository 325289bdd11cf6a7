"""What was said of an event, as those who run it read it."""

from dataclasses import dataclass

from events import rules
from events.models import FEWEST, Feedback, FeedbackGiven, Score


@dataclass(frozen=True)
class Results:
    """What may be read of the feedback on events.

    Arguments:
        came: how many may have answered; given: how many did; readable: how many of these may be read yet.
        scores: (words, count, part of the largest in percent) from the best to the worst; empty where nothing may
            be read. average: of the scores, to one decimal.
        answers: the Feedback with words, in an order that tells nothing.
    """

    came: int
    given: int
    readable: int
    scores: list
    average: str
    answers: list

    @property
    def missing(self):
        """Return how many are missing until the next lot may be read."""
        return FEWEST - (self.given - self.readable) % FEWEST


def of(event, at):
    """Return the Results of an event. Three queries."""
    answers = list(Feedback.objects.readable(event, at).order_by("pk"))
    came = event.bookings.filter(state="attended").count()
    given = FeedbackGiven.objects.filter(booking__event=event).count()
    counts = {score: sum(a.score == score for a in answers) for score in Score.values}
    most = max([*counts.values(), 1])
    return Results(
        came=came,
        given=max(given, len(answers)),  # who was erased has answered all the same
        readable=len(answers),
        scores=[
            (Score(score).label, count, round(100 * count / most))
            for score, count in counts.items()
            if answers
        ],
        average=average(answers),
        answers=[answer for answer in answers if answer.helped or answer.change],
    )


def average(answers):
    """Return the average of the scores, "4.3"; "" without any."""
    return f"{sum(a.score for a in answers) / len(answers):.1f}" if answers else ""


def grouped(events, at):
    """Return {event's key: its answers that may be read} of several events. One query."""
    found = {event.pk: [] for event in events}
    for answer in Feedback.objects.filter(event__in=events).only("event", "score", "released"):
        found[answer.event_id].append(answer)
    for event in events:
        over = at >= event.ends_at + rules.ANSWER_FOR and len(found[event.pk]) >= FEWEST
        if not over:
            found[event.pk] = [answer for answer in found[event.pk] if answer.released]
    return found
