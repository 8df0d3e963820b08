"""One sentence in Chinese and in English for every event of a ladder (催办), made from its typed fields alone."""

from datetime import date
from typing import Final, assert_never

from domain.urge import LadderOpened, Overtaken, UrgeEvent, UrgeMissed, UrgeSent, UrgeTalkOrdered, UrgeWithdrawn
from domain.urge_rungs import Addressee, Colour, Form
from projections.sentences import Sentence, Title

COLOURS: Final = {
    Colour.BLUE: Sentence("蓝色提醒", "blue"),
    Colour.YELLOW: Sentence("黄色催办", "yellow"),
    Colour.ORANGE: Sentence("橙色催办", "orange"),
    Colour.RED: Sentence("红色催办", "red"),
}
FORMS: Final = {
    Form.NOTICE: Sentence("催办单", "notice"),
    Form.CIRCULAR: Sentence("通报", "circular"),
}
ADDRESSEES: Final = {
    Addressee.DEPUTY_LEADER: Sentence("分管副职", "the deputy leader"),
    Addressee.LEADER: Sentence("分管领导", "the leader"),
}
CAUSES: Final = {
    Overtaken.COMPLETED: Sentence("已反馈完成", "fulfilment had been reported"),
    Overtaken.EXTENDED: Sentence("期限已变更", "the due date had been moved"),
    Overtaken.PAUSED: Sentence("已停表", "the clock had been stopped"),
    Overtaken.ENDED: Sentence("已终止或销号", "the matter had ended"),
}


def _date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def urge_sentence(happened: UrgeEvent, title: Title) -> Sentence:
    match happened:
        case LadderOpened():
            return Sentence("启动催办。", "The ladder of notices was opened.")
        case UrgeSent():
            colour, form = COLOURS[happened.colour], FORMS[happened.form]
            told = [ADDRESSEES[one] for one in happened.copied_to]
            zh = f"，抄送{'、'.join(one.zh for one in told)}" if told else ""
            en = f", copied to {' and '.join(one.en for one in told)}" if told else ""
            talk = Sentence("，可由领导责成约谈", ", a talk may be ordered") if happened.talk else Sentence("", "")
            return Sentence(
                f"{colour.zh}：向{title(happened.unit)}发出{form.zh}，期限{_date(happened.due_on)}{zh}{talk.zh}。",
                f"A {colour.en} {form.en} to {title(happened.unit)}, due {happened.due_on}{en}{talk.en}.",
            )
        case UrgeMissed():
            colour = COLOURS[happened.colour]
            return Sentence(
                f"{colour.zh}漏发：应于{_date(happened.day)}发出（期限{_date(happened.due_on)}），当时服务中断。",
                f"The {colour.en} notice of {happened.day} (due {happened.due_on}) was missed; the service was down.",
            )
        case UrgeWithdrawn():
            colour, cause, on = COLOURS[happened.colour], CAUSES[happened.cause], _date(happened.occurred_on)
            return Sentence(
                f"撤回{_date(happened.day)}的{colour.zh}（期限{_date(happened.due_on)}）：补录显示{on}{cause.zh}。",
                f"The {colour.en} notice of {happened.day} (due {happened.due_on}) was withdrawn: "
                f"on {happened.occurred_on} {cause.en}, which was recorded only later.",
            )
        case UrgeTalkOrdered():
            colour = COLOURS[happened.colour]
            return Sentence(
                f"{colour.zh}后责成{_date(happened.talk_on)}约谈（期限{_date(happened.due_on)}）：{happened.instruction}",
                f"A talk on {happened.talk_on} was ordered after the {colour.en} notice (due {happened.due_on}): "
                f"{happened.instruction}",
            )
        case _:
            assert_never(happened)
