"""What a column means, told from its heading; where the heading does not say, from what it holds.

Headings come in every council's own words and in any order, so this is a list of phrases with
weights, and a contest: each meaning that a table can have once goes to the column that says it best.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from cypp_desktop.exchange.word.codes import looks_like_date, measure_code, outcome_code
from cypp_desktop.exchange.word.figure_columns import FigureColumn, figure_column, has_no_value, observation
from cypp_desktop.exchange.word.leads import looks_like_lead
from cypp_desktop.exchange.word.model import ColumnMeaning as M

_CERTAIN = 0.6

#: The day on which an action was done, which is no day by which it is due.
COMPLETED = (
    r"^(?:date (?:of actual completion|completed|achieved|closed|done|finished)|"
    r"(?:completed|closed|finished) on|actual (?:completion|end|finish) dates?)$"
)

#: Columns that part actions by how soon they are done: "Short term", "Medium-term actions (2 to 3 years)".
TERM = (
    r"^(?:immediate|short|medium|mid|intermediate|long)(?:er)?[ -]?(?:to (?:medium|long)[ -]?)?terms?"
    r"(?: (?:actions?|goals?|steps?|plans?|priorities))?(?:[ ,:–—-]+.{1,20})?$"
)

# (meaning, weight, phrase): the best weight counts. A phrase is sought anywhere in the heading, so
# the weights settle what "Lead for key actions" or "Update on performance measures" is about.
_PHRASES: list[tuple[M, float, str]] = [
    (M.NUMBER, 1.0, r"^(?:no\.?|nos\.?|number|ref\.?|reference|ref\.? ?no\.?|code|id|#|item|row)$"),
    (
        M.NUMBER,
        0.9,
        r"^(?:action|outcome|measure|objective|activity|priority)(?: item)? "
        r"(?:no\.?|number|ref\.?|code|id)$",
    ),
    (M.PRIORITY, 1.0, r"^(?:our |key |strategic |plan )*priorit(?:y|ies)(?: area| theme)?s?$"),
    (M.PRIORITY, 0.55, r"^(?:(?:strategic|key) )?(?:themes?|strategic (?:aims?|objectives?|goals?))$"),
    (M.OUTCOME, 1.0, r"^(?:\w+ ){0,2}outcomes?(?: sought| area| statement)?$"),
    (
        M.OUTCOME,
        0.85,
        r"\boutcomes? (?:we|for|that)\b|what (?:do )?we want\b|what we aim|desired outcome|"
        r"what difference\b|"
        r"(?:intended|desired|expected) (?:outcome|result|impact)s?\b|^(?:the )?(?:results?|difference) we\b",
    ),
    (M.OUTCOME, 0.8, r"^(?:key |planned |main |core |priority )*activit(?:y|ies)$"),
    (
        M.OUTCOME,
        0.8,
        r"^(?:(?:operational|key|our|plan) )*objectives?$|^(?:key )?aims?$|^goals?$|^ambitions?$",
    ),
    (
        M.OUTCOME,
        0.7,
        r"^(?:(?:key )?(?:area|theme|focus|topic|issue|commitment|deliverable|project|workstream)s?)\b",
    ),
    (
        M.OUTCOME,
        0.7,
        r"areas? (?:of|for) (?:focus|work|improvement|development)|what are we trying to achieve",
    ),
    (M.OUTCOME, 0.5, r"\boutcomes?\b"),
    (
        M.MEASURE,
        1.0,
        r"\b(?:performance|success|outcome|impact|progress|key|headline) (?:performance )?(?:measure|"
        r"indicator)s?\b",
    ),
    (
        M.MEASURE,
        1.0,
        r"^measures?(?: of success| of performance)?$|^indicators?$|\bkpis?\b|\bpis?\b|\bmetrics?\b",
    ),
    (
        M.MEASURE,
        0.95,
        r"how (?:will|do|would|shall) (?:we|i|you|they) (?:know|measure|tell|judge)|"
        r"how (?:it|this|success|progress) (?:will be|is) measured|"
        r"what (?:will )?(?:we|i)(?: will|'ll)? (?:measure|count)|what will (?:success|"
        r"good) look like|"
        r"how we(?: will|'ll)? (?:know|measure|tell|judge)|what is (?:being )?(?:measured|counted)",
    ),
    (M.MEASURE, 0.8, r"\b(?:measures?|indicators?|measured by|measurement)\b|success criteria"),
    (
        M.ACTIONS,
        1.0,
        r"\b(?:key |main |planned |agreed |priority )*actions?(?: (?:suggested|planned|required|to|for|"
        r"agreed|"
        r"proposed|and|we)\b.*)?$",
    ),
    (
        M.ACTIONS,
        0.95,
        r"what (?:will|are|do|am) (?:we|be|i|you)(?: going to| have to| need to| plan to)? (?:do|done)|"
        r"what (?:we|i)(?:'ll| will| are going to| am going to| plan to| have to| need to) do|"
        r"what needs? to (?:be done|happen)|"
        r"how (?:will|are) (?:we|i) (?:going to )?(?:do|get|achieve|deliver)",
    ),
    (M.ACTIONS, 0.9, TERM),
    (
        M.ACTIONS,
        0.85,
        r"^(?:key |main |delivery )*(?:tasks?|steps?|milestones?|interventions?|deliverables?)\b|"
        r"steps (?:to|we)|work planned|planned work",
    ),
    (M.ACTIONS, 0.75, r"^(?:key |planned |main )*activit(?:y|ies)\b"),
    (M.ACTIONS, 0.6, r"\bactions?\b"),
    (
        M.DUE,
        1.1,
        r"\b(?:by when|when by|when|due|deadline|deadlines|time-?scales?|time-?frames?|timing|target date|"
        r"completion|complete by|completed by|required by|end date|dates?)\b|(?:finish|done|needed|"
        r"in place|ready|achieved?) by$|^by$",
    ),
    (
        M.STATUS,
        1.0,
        r"^(?:(?:action|current|rag|b?rag) )*(?:status|rating|rag)$|^b?rag(?: rating| status)?$|"
        r"^(?:complete|done)\??$",
    ),
    (
        M.EVIDENCE_SOURCE,
        1.3,
        r"\b(?:sources?|origin|provenance)\b.*\bevidence\b|\bevidence\b.*\b(?:sources?|from|base|"
        r"reference|document|found)\b|^where (?:is|was|did|can)\b.*\bevidence\b|^(?:data )?sources?$",
    ),
    (
        M.EVIDENCE,
        1.15,
        r"\bevidence\b|\bachievements?\b|what (?:has been|was|have we|we have) achieved|\bimpact\b.*\bseen\b",
    ),
    (
        M.UPDATE,
        1.2,
        r"\bupdates?\b|\bcommentary\b|\bprogress\b(?! (?:measure|indicator))|\bnarrative\b|"
        r"\bposition statement\b|\bactions? (?:taken|completed|undertaken|delivered|achieved)\b",
    ),
    (
        M.UPDATE,
        1.0,
        r"\b(?:end|half|mid|first|second|third)[ -]of?[ -]?year\b|\bquarter(?:ly)?\b|\bq[1-4]\b|"
        r"\byear[ -]end\b|"
        r"what (?:has been done|have we done|we(?: have|'ve)? d(?:id|one)|(?:has )?happened)|"
        r"where (?:are we|we are)|"
        r"how (?:are we|we are|is it|it is) (?:doing|going)|\bso far$|\bposition\b|\bcurrent performance\b|"
        r"story behind|\bcomments? (?:from|by|on|for)\b|^comments?$|^outturn report|\breview (?:of|20)\d*",
    ),
    (M.UPDATE, 1.25, r"^(?:impact |our |self[ -])*evaluations?(?: (?:and|&|/) .*|, .*)?$"),
    (
        M.LEAD,
        1.2,
        r"\bleads?\b|\bled by\b|\bresponsib(?:le|ility)\b|\baccountable\b(?! (?:board|group))|\bowners?\b|"
        r"\bwho(?: will| is|'s|\b)|\bby whom\b",
    ),
    (
        M.LEAD,
        0.9,
        r"^(?:named |key )?(?:officers?|contacts?|organisations?|agenc(?:y|ies)|services?|departments?|"
        r"delivered by|"
        r"person|people|manager|partner organisations?)\b",
    ),
    (
        M.PARTNERS,
        1.1,
        r"^(?:(?:key|other|supporting|delivery|involved) )*(?:partners?|partner agencies|stakeholders?)"
        r"(?: involved| organisations?)?$|support(?:ed by|ing)\b|^with whom$|working with",
    ),
    (
        M.STRATEGIC_PLAN,
        1.2,
        r"\b(?:strategic|related|linked|relevant|underpinning|supporting|other|key|parent|source) "
        r"(?:plan|strateg|document|polic)\w*|^(?:plans?|strateg(?:y|ies))(?: ?(?:or|and|/|&) ?(?:plans?|"
        r"strateg(?:y|ies)))?$|"
        r"links? to (?:other )?(?:plan|strateg)\w*|plans? (?:or|and|/) strateg",
    ),
    (M.STRATEGIC_PLAN, 0.55, r"\b(?:plans?|strateg(?:y|ies)|polic(?:y|ies))\b"),
    (
        M.GOVERNANCE_GROUP,
        1.25,
        r"\bgovern(?:ance|ing)\b|\baccountable (?:board|group)\b|^(?:board|group|committee)s?$|"
        r"report(?:s|ing|ed)? to\b|where .*report|overs(?:een?|ees|ight)\b|^accountability\b|monitored by|"
        r"monitoring (?:group|board|body)|"
        r"(?:steering|responsible|lead|partnership|sub) ?-?(?:group|board|committee)",
    ),
    (M.NOTES, 1.2, r"^(?:planned |actual )?start(?:ing)?(?: date)?$|^date (?:started|of start)$"),
    (M.STATUS, 0.9, COMPLETED),
    (M.NOTES, 0.75, COMPLETED),
    (
        M.NOTES,
        0.95,
        r"^(?:how |when )?monitor(?:ing|ed)(?: (?:arrangements?|methods?|activity|how|when)\b.*)?$",
    ),
    (
        M.NOTES,
        0.7,
        r"^(?:notes?|remarks?|comments?/notes?|other|additional (?:information|comments)|risks?(?: .*)?|"
        r"issues?(?: .*)?|resources?(?: .*)?|costs?(?: .*)?|budgets?(?: .*)?|baselines?(?: .*)?|"
        r"targets?(?: .*)?|trends?|comparators?|direction of travel)$",
    ),
]
_RULES = [(meaning, weight, re.compile(phrase)) for meaning, weight, phrase in _PHRASES]
_FIGURES = 1.3
_ONCE = (M.PRIORITY, M.OUTCOME, M.MEASURE, M.DUE, M.EVIDENCE_SOURCE, M.STATUS)


def scores(heading: str) -> dict[M, float]:
    """How well a heading's words say each meaning; meanings that it does not say are left out."""
    text = " ".join(re.sub(r"[*:?()\[\]]", " ", heading.replace("’", "'")).casefold().split())
    text = re.sub(r"\b(?:to|up to) date\b", "so far", text)  # "Actions to date" is no date column
    found: dict[M, float] = {}
    for meaning, weight, phrase in _RULES:
        if text and phrase.search(text):
            found[meaning] = max(found.get(meaning, 0.0), weight)
    if figure_column(heading) is not None:
        found[M.FIGURES] = _FIGURES
    if says_completed(heading):
        found.pop(M.DUE, None)
    return found


def says_completed(heading: str) -> bool:
    """Whether a column holds the days on which actions were done."""
    return re.search(COMPLETED, heading.strip().rstrip(":").casefold()) is not None


def says_term(heading: str) -> bool:
    """Whether a column holds what is to be done soon, later or in the long run."""
    return re.search(TERM, " ".join(heading.casefold().split())) is not None


def looks_like_heading(text: str) -> bool:
    """Whether a short cell says, by its words alone, what a column holds."""
    sentence = len(text) > 90 or re.search(r"\w\w[.;]$", text) is not None
    return not sentence and any(weight >= _CERTAIN for weight in scores(text).values())


def recognise(headings: Sequence[str], samples: Sequence[Sequence[str]]) -> list[tuple[M, bool]]:
    """The meaning of each column, and whether its heading said it.

    ``samples`` holds the words of each column's cells, in the columns' order.
    """
    said = [scores(heading) for heading in headings]
    for bid, heading, cells in zip(said, headings, samples, strict=True):
        _settle_period(bid, heading, cells)
    _settle_lists(said)
    taken = _won(said)
    held = set(taken.values())
    found: list[tuple[M, bool]] = []
    for at in range(len(headings)):
        if at in taken:
            found.append((taken[at], said[at][taken[at]] >= _CERTAIN))
        else:
            meaning = _by_content(samples[at], at, held)
            held.add(meaning)
            found.append((meaning, False))
    return _with_an_outcome(found, headings)


def _won(said: Sequence[dict[M, float]]) -> dict[int, M]:
    """The meaning that each column wins, if any: the column that says it best has a meaning first."""
    bids: list[tuple[float, int, M]] = []
    for at, bid in enumerate(said):
        bids += [(-weight, at, meaning) for meaning, weight in bid.items()]
    taken: dict[int, M] = {}
    for _, at, meaning in sorted(bids, key=lambda bid: bid[:2]):
        is_gone = meaning in _ONCE and meaning in taken.values()
        if at not in taken and not is_gone:
            taken[at] = meaning
    return taken


def _settle_period(bid: dict[M, float], heading: str, cells: Sequence[str]) -> None:
    """A column of a quarter or year in which most cells are words holds updates, and figures in them."""
    column = figure_column(heading)
    if column is None or not column.is_told_by_cells:
        return
    inked = [cell for cell in cells if cell and not has_no_value(cell)]
    figures = sum(_has_figures(cell, column) for cell in inked)
    if 2 * figures < len(inked) or (not inked and not column.is_of_period):
        del bid[M.FIGURES]
        if column.is_of_period:
            bid[M.UPDATE] = _FIGURES


def _has_figures(cell: str, column: FigureColumn) -> bool:
    """Whether all lines of a cell are figures."""
    lines = re.split(r"(?<=\))\s+", cell) if column.says_more else [cell]
    return all(observation(line, column) is not None for line in lines)


def _settle_lists(said: list[dict[M, float]]) -> None:
    """Words that mean one thing beside some columns and another beside others."""

    def best(meaning: M) -> float:
        return max((bid.get(meaning, 0.0) for bid in said), default=0.0)

    if best(M.OUTCOME) >= 0.85 and best(M.ACTIONS) < 0.85:
        for bid in said:  # "Outcome" beside "Key activities": the activities are the actions
            if M.ACTIONS in bid and bid.get(M.OUTCOME, 0) < 0.85:
                bid.pop(M.OUTCOME, None)
    if best(M.OUTCOME) == 0 and 0 < best(M.PRIORITY) < 0.6:
        _move(said, M.PRIORITY, M.OUTCOME)  # "Theme" with nothing below it
    if best(M.UPDATE) < 1 and best(M.EVIDENCE_SOURCE) == 0 and best(M.MEASURE) > 0:
        _move(said, M.EVIDENCE, M.UPDATE)  # "Achievements" beside measures is a commentary on them


def _move(said: list[dict[M, float]], meaning: M, to: M) -> None:
    """What says the one meaning says the other."""
    for bid in said:
        if meaning in bid:
            bid[to] = bid.pop(meaning)


def _by_content(cells: Sequence[str], at: int, held: set[M]) -> M:
    """The likeliest meaning of a column whose heading says nothing known; ``held`` are those of others."""
    inked = [cell for cell in cells if cell]
    if not inked:
        return M.NOTES
    if at == 0 and M.NUMBER not in held and all(map(_is_number, inked)):
        return M.NUMBER
    for meaning, is_so, share in _TOLD_BY_CELLS:
        if meaning not in held and sum(map(is_so, inked)) > share * len(inked):
            return meaning
    if M.OUTCOME not in held and at <= 1:
        return M.OUTCOME
    is_long = sum(len(cell) for cell in inked) / len(inked) > 80
    if is_long and not held & {M.UPDATE, M.EVIDENCE, M.ACTIONS}:
        return M.UPDATE
    return M.NOTES


def _is_number(cell: str) -> bool:
    return len(cell) <= 6 and re.search(r"[\divx]", cell) is not None


def _has_outcome_code(cell: str) -> bool:
    return outcome_code(cell)[0] is not None


def _has_measure_code(cell: str) -> bool:
    return measure_code(cell)[0] is not None


#: What cells show by themselves, and which share of a column's cells must be exceeded.
_TOLD_BY_CELLS: list[tuple[M, Callable[[str], bool], float]] = [
    (M.OUTCOME, _has_outcome_code, 0.6),
    (M.MEASURE, _has_measure_code, 0.6),
    (M.DUE, looks_like_date, 0.7),
    (M.LEAD, looks_like_lead, 0.6),
]


def _with_an_outcome(pairs: list[tuple[M, bool]], headings: Sequence[str]) -> list[tuple[M, bool]]:
    """A table that names no outcome: its priorities or activities are at that level, if it has them."""
    meanings = [meaning for meaning, _ in pairs]
    if M.OUTCOME in meanings or not meanings:
        return pairs
    if M.PRIORITY in meanings and any(m in meanings for m in (M.ACTIONS, M.EVIDENCE, M.UPDATE, M.MEASURE)):
        at = meanings.index(M.PRIORITY)
        return [*pairs[:at], (M.OUTCOME, False), *pairs[at + 1 :]]
    if meanings.count(M.ACTIONS) == 2:
        at = meanings.index(M.ACTIONS)
        return [*pairs[:at], (M.OUTCOME, False), *pairs[at + 1 :]]
    activity = [at for at, heading in enumerate(headings) if re.search(r"\bactivit", heading, re.I)]
    if activity and M.ACTIONS in meanings and meanings[activity[0]] == M.ACTIONS:
        return [*pairs[: activity[0]], (M.OUTCOME, True), *pairs[activity[0] + 1 :]]
    return pairs
