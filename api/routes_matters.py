"""Addresses of the commands on confidential matters: reports about conduct (举报)."""

from api.commands import Door, Noun
from domain.matter import CloseMatter, ConcludeMatter, NameHandlers, NoteMatter, ReportConduct, ResumeMatter

AT = "/v1/matters/{id}"

MATTERS = Noun(
    "保密事项",
    "Confidential matters",
    (
        Door("/v1/matters", ReportConduct, "受理举报", "Take in a report about conduct"),
        Door(f"{AT}/notes", NoteMatter, "记录办理情况", "Note a step"),
        Door(f"{AT}/handlers", NameHandlers, "指定经办人", "Name the handlers", versioned=True),
        Door(f"{AT}/conclusion", ConcludeMatter, "作出结论", "Conclude a matter", versioned=True),
        Door(f"{AT}/resumption", ResumeMatter, "退回续办", "Take it up again", versioned=True),
        Door(f"{AT}/closing", CloseMatter, "办结保密事项", "Close a matter", versioned=True),
    ),
)
