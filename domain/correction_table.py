"""What may be corrected or retracted, by whom and with which second person: one table, one line a field; and what is
put right in another way, or can be once the first is too late.

What is in neither cannot be corrected. Sealed words are not, because a correction would have to repeat them in the
open. An event cannot be corrected once a later one rests on it (`rests`): that one would go on saying what followed
from the mistake.
"""

from typing import Final

from domain import (
    correction_commitments,
    correction_ratings,
    correction_requests,
    correction_resources,
    correction_services,
    correction_supervision,
)
from domain.actor import Role
from domain.correction_lines import OtherWays

TABLE: Final = {
    (entry.event, entry.field): entry
    for lines in (
        correction_commitments.commitments,
        correction_commitments.policies,
        correction_services.visits,
        correction_services.pairings,
        correction_services.activities,
        correction_services.projects,
        correction_services.contributions,
        correction_requests.problems,
        correction_requests.requests,
        correction_ratings.ratings,
        correction_supervision.supervision,
        correction_resources.resources,
    )
    for entry in lines()
}
"""(event, field) → its line; the field None stands for the whole event."""
OTHER_WAYS: Final[OtherWays] = {
    **correction_commitments.WAYS,
    **correction_services.WAYS,
    **correction_requests.WAYS,
    **correction_ratings.WAYS,
    **correction_supervision.WAYS,
    **correction_resources.WAYS,
}
"""(event, field) → how it is put right where it is not, or no longer, corrected."""
EVERY_PROPOSER: Final = tuple(sorted(frozenset[Role]().union(*(entry.by for entry in TABLE.values()))))
EVERY_SECOND: Final = tuple(sorted(frozenset[Role]().union(*(entry.second for entry in TABLE.values()))))
