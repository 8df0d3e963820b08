"""One sentence in Chinese and in English for every event of a publication."""

from typing import assert_never

from domain.publication import PublicationAmended, PublicationEvent, PublicationIssued, PublicationWithdrawn
from projections.sentences import Sentence


def sentence(happened: PublicationEvent) -> Sentence:
    one = happened
    match one:
        case PublicationIssued():
            return Sentence(
                f"公示“{one.title}”，共{len(one.items)}项。", f"Published “{one.title}”, {len(one.items)} items."
            )
        case PublicationAmended():
            return Sentence(
                f"公开修改“{one.title}”，现有{len(one.items)}项：{one.reason}",
                f"Publication amended: “{one.title}”, now {len(one.items)} items: {one.reason}",
            )
        case PublicationWithdrawn():
            return Sentence(f"撤下公示：{one.reason}", f"Publication withdrawn: {one.reason}")
        case _:
            assert_never(happened)
