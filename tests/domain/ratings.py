"""One bad rating at every stage, and the commands that lead there."""

from field import CALLER, HEAD, OFFICER, SECOND_SUPERVISOR, SUPERVISOR, UNIT, the_field
from given import Given

from domain.actor import Actor
from domain.appraisal_form import Grade
from domain.commitment_terms import Answer
from domain.ids import RatingId
from domain.rating import RatingStage
from domain.rating_appeal import AppealRating, RuleOnRatingAppeal
from domain.rating_events import AppealGround, Truth
from domain.rating_intake import CheckRating, ReceiveRating
from domain.rating_rectifying import CallBackRater, CloseRating, RectifyRating, RedoRating
from domain.request_events import Protection, Way

AT = RatingId("rating")
RECEIVE = ReceiveRating(
    grade=Grade.DISSATISFIED,
    way=Way.WINDOW,
    protection=Protection.NAMED,
    unit=UNIT,
    service="社保关系转移",
    words="来回跑了三趟",
    name="某某",
    phone="000-0000",
)
CHECK = CheckRating(truth=Truth.TRUE, note="调取叫号记录，情况属实")
APPEAL = AppealRating(ground=AppealGround.MISTAKEN, reason="评价人误点")
EXCLUDE = RuleOnRatingAppeal(granted=True, reason="经核对确系误评")
REFUSE = RuleOnRatingAppeal(granted=False, reason="情况属实")
RECTIFY = RectifyRating(note="一次性告知，当场办结")
CALL_BACK = CallBackRater(answer=Answer.SOLVED, words="这次办好了")
REDO = RedoRating(reason="评价人仍不认可")
CLOSE = CloseRating()

Stage = tuple[RatingStage, tuple[tuple[object, Actor], ...]]
RECEIVED: Stage = (RatingStage.RECEIVED, ())
CHECKED: Stage = (RatingStage.CHECKED, ((CHECK, SUPERVISOR),))
APPEALED: Stage = (RatingStage.APPEALED, (*CHECKED[1], (APPEAL, HEAD)))
RECTIFIED: Stage = (RatingStage.RECTIFIED, (*CHECKED[1], (RECTIFY, OFFICER)))
EXCLUDED: Stage = (RatingStage.EXCLUDED, (*APPEALED[1], (EXCLUDE, SECOND_SUPERVISOR)))
CLOSED: Stage = (RatingStage.CLOSED, (*RECTIFIED[1], (CALL_BACK, CALLER), (CLOSE, SUPERVISOR)))
ALL = (RECEIVED, CHECKED, APPEALED, RECTIFIED, EXCLUDED, CLOSED)


def at(stage: Stage, *, received: ReceiveRating = RECEIVE) -> Given:
    given = the_field()
    given.when(received, AT, by=CALLER)
    for command, who in stage[1]:
        given.when(command, AT, by=who)  # type: ignore[arg-type]
    assert given.states[AT].stage is stage[0]
    return given
