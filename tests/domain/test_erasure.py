"""Erasure of a person's data: by the security administrator, for a subject named by its id, on a stated ground."""

from dataclasses import replace

import pytest
from field import SECURITY_ADMIN
from given import Given

from domain.erasure import ErasePersonalData, ErasureGround, PersonalDataErased

SUBJECT = "0130a1b2-c3d4-7e5f-8a6b-0123456789ab"
ERASE = ErasePersonalData(subject=SUBJECT, ground=ErasureGround.CONSENT_WITHDRAWN, basis=" 受理单 2011-7 ")


def test_a_subjects_data_are_erased():
    given = Given()
    assert given.when(ERASE, "erasure", by=SECURITY_ADMIN) == [
        PersonalDataErased(
            subject=SUBJECT,
            ground=ErasureGround.CONSENT_WITHDRAWN,
            basis="受理单 2011-7",
            by=SECURITY_ADMIN.person,
        )
    ]
    assert given.states["erasure"].subject == SUBJECT


@pytest.mark.parametrize(
    "subject", ["", "某某", SUBJECT.upper(), SUBJECT[:-1], f"{SUBJECT}0", f"x{SUBJECT}", "13900000000"]
)
def test_a_subject_is_named_by_its_id(subject: str):
    refusal = Given().refused(replace(ERASE, subject=subject), "erasure", by=SECURITY_ADMIN)
    assert (refusal.rule, refusal.field) == ("subject_id", "subject")


def test_an_erasure_rests_on_something():
    refusal = Given().refused(replace(ERASE, basis=" "), "erasure", by=SECURITY_ADMIN)
    assert (refusal.rule, refusal.field) == ("text_empty", "basis")
