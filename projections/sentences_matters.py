"""One sentence in Chinese and in English for a step of a confidential matter. It says no more than its leaf does."""

from typing import Final

from domain.matter import MatterRecorded, MatterStage
from projections.sentences import Sentence

STAGES: Final = {
    MatterStage.OPEN: Sentence("办理中", "in hand"),
    MatterStage.CONCLUDED: Sentence("已有结论", "concluded"),
    MatterStage.CLOSED: Sentence("已办结", "closed"),
}


def sentence(happened: MatterRecorded) -> Sentence:
    stage = STAGES[happened.stage]
    return Sentence(f"保密事项登记一步，{stage.zh}。", f"A step of a confidential matter, {stage.en}.")
