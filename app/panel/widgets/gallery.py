"""The gallery of new widgets: what there is to ask, by goal."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.queries.follow_ups import FollowUp
from app.queries.presets import Preset
from app.queries.widgets import Option


@dataclass(frozen=True, slots=True)
class Idea:
    """Something to ask: a type, a preset of options and follow-ups, a title in the gallery, and a question."""

    type: str
    preset: str
    title: str
    question: str
    options: tuple[Option, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()

    @property
    def questions(self) -> list[str]:
        """What its follow-ups ask, each once."""
        return list(dict.fromkeys(each.question for each in self.follow_ups))


@dataclass(frozen=True, slots=True)
class Goal:
    """What a website's owner wants to know, and the ways to ask for it."""

    title: str
    text: str
    ideas: tuple[Idea, ...]


GOALS = (
    Goal(
        "Does this page help?",
        "For documentation, help centers and how-tos.",
        (
            Idea("yesno", "yesno", "Yes or no", "Was this helpful?"),
            Idea("yesno", "docs", "Yes or no, and why", "Was this page helpful?"),
            Idea("yesno", "support", "Support answer", "Did this answer solve your problem?"),
            Idea("reaction", "evaluation", "Four faces", "How was this page?"),
            Idea("updown", "like-dislike", "Thumbs up or down", "Is this page good?"),
        ),
    ),
    Goal(
        "Do people like it?",
        "For blogs, news and anything worth a click of thanks.",
        (
            Idea("pulse", "pulse", "Like button", "Do you like this page?"),
            Idea("pulse", "pulse-heart", "Heart button", "Do you love this page?"),
            Idea("pulse", "pulse-star", "Star button", "Is this worth a star?"),
            Idea("yesno", "article", "Article", "Was this article worth your time?"),
            Idea("reaction", "feeling", "Three moods", "How does it make you feel?"),
            Idea("reaction", "github", "Emoji reactions", "React to this page"),
            Idea("reaction", "facebook", "Social reactions", "What do you think?"),
        ),
    ),
    Goal(
        "How good is it?",
        "For products, courses and features that you compare over time.",
        (
            Idea("rating", "stars", "Five stars", "Rate this page"),
            Idea("reaction", "product", "Product or feature", "How do you like this feature?"),
            Idea("rating", "csat", "Customer satisfaction (CSAT)", "How satisfied are you with us?"),
            Idea("rating", "ces", "Customer effort (CES)", "How easy was it to get done what you came for?"),
            Idea("nps", "nps", "Net Promoter Score", "How likely are you to recommend us?"),
            Idea("updown", "updown", "Up and down votes", "More pages like this?"),
        ),
    ),
    Goal(
        "What would they tell you?",
        "For ideas, problems and everything you did not think to ask.",
        (
            Idea("message", "message", "Message", "What could be better?"),
            Idea("tagged", "feedback", "Message with a tag", "Ideas and problems"),
            Idea("form", "form", "Contact form", "Contact us"),
        ),
    ),
)


def goals(presets: Iterable[Preset]) -> list[Goal]:
    """The goals, each idea with the options and follow-ups of its preset."""
    parts = {(each.type, each.name): (tuple(each.options), tuple(each.follow_ups)) for each in presets}
    return [
        Goal(
            goal.title,
            goal.text,
            tuple(
                Idea(idea.type, idea.preset, idea.title, idea.question, *parts[idea.type, idea.preset])
                for idea in goal.ideas
            ),
        )
        for goal in GOALS
    ]


def find(goals: Iterable[Goal], type: str, preset: str) -> Idea | None:
    """The idea of a type and preset, the first of the type where there is no such preset; None for no such type."""
    of_type = [idea for goal in goals for idea in goal.ideas if idea.type == type]
    return next((idea for idea in of_type if idea.preset == preset), next(iter(of_type), None))
