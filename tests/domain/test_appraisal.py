"""A round of appraisal from its opening to the ruling on an objection."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from field import HEAD, LEADER, OTHER_HEAD, OTHER_UNIT, SECOND_SUPERVISOR, SUPERVISOR, UNIT, the_field
from given import TODAY, Given, person

from domain.actor import Role
from domain.appraisal import TURNS, AppraisalStage
from domain.appraisal_counting import (
    AbandonAppraisal,
    CloseVoting,
    DecideObjection,
    ObjectToAppraisal,
    PublishAppraisal,
    TallyAppraisal,
)
from domain.appraisal_draw import Frame, draw, list_digest, read_frame
from domain.appraisal_events import Invited, Stratum, Votes
from domain.appraisal_form import Form
from domain.appraisal_inviting import DrawInvitations, FixFrame, GiveSeed, IssueCodes, OpenAppraisal, OpenVoting
from domain.appraisal_tally import result, standing
from domain.ballots import NoBoxes, code_hash, no_file
from domain.refusal import Kind, Refusal
from ledger.ballot_box import Cast, to_bytes
from ledger.codec import encode
from ledger.contract import Meta

FRAME = "".join(
    f"{frame},{stratum},{n:03}{stratum}\n"
    for frame, stratum, size in (("residents", "城厢", 60), ("residents", "浏河", 20), ("enterprises", "工业", 50))
    for n in range(size)
).encode()
DIGEST = hashlib.sha256(FRAME).hexdigest()
SEED_ON = TODAY + timedelta(days=1)
CODES = {frame: tuple(f"{frame}-{n}" for n in range(40)) for frame in Frame}

OPEN = OpenAppraisal(
    title="千人千企评机关",
    year=2011,
    units=(UNIT, OTHER_UNIT),
    forms=(Form.SATISFACTION, Form.REVIEW),
    residents=40,
    enterprises=40,
)
FIX = FixFrame(frame=DIGEST, seed_source="次日公开摇奖号码", seed_on=SEED_ON)
SEED = GiveSeed(seed="03 11 17")
DRAW = DrawInvitations()
ISSUE = {frame: IssueCodes(frame=frame, hashes=tuple(map(code_hash, codes))) for frame, codes in CODES.items()}
VOTE = OpenVoting(until=SEED_ON)
CLOSE, TALLY, PUBLISH = CloseVoting(), TallyAppraisal(), PublishAppraisal()
OBJECT = ObjectToAppraisal(unit=UNIT, ground="受邀企业与本局业务无关")
DECIDE = DecideObjection(unit=UNIT, upheld=False, reason="抽取可复核")
ABANDON = AbandonAppraisal(reason="与上级评议合并")

STEPS = (
    (AppraisalStage.OPENED, OPEN, SUPERVISOR),
    (AppraisalStage.FRAMED, FIX, SUPERVISOR),
    (AppraisalStage.SEEDED, SEED, SECOND_SUPERVISOR),
    (AppraisalStage.DRAWN, DRAW, SUPERVISOR),
    (AppraisalStage.VOTING, VOTE, LEADER),
    (AppraisalStage.CLOSED, CLOSE, SUPERVISOR),
    (AppraisalStage.TALLIED, TALLY, SUPERVISOR),
    (AppraisalStage.PUBLISHED, PUBLISH, LEADER),
)


def at(stage: AppraisalStage) -> Given:
    given = the_field()
    given.files[DIGEST] = FRAME
    for reached, command, by in STEPS:
        if command is SEED:
            given.later(days=1)
        if command is VOTE:
            for issue in ISSUE.values():
                given.when(issue, "round", by=SUPERVISOR)
        if command is CLOSE:
            vote(given)
            given.later(days=1)
        given.when(command, "round", by=by)
        assert given.states["round"].stage is reached
        if reached is stage:
            return given
    raise AssertionError(stage)


def vote(given: Given) -> None:
    """40 residents: 30 content with the first unit, 10 not; 3 enterprises."""
    lists = given.states["round"].lists
    for n, code in enumerate(CODES[Frame.RESIDENTS]):
        given.boxes.cast("round", lists, code_hash(code), "AaBb" if n < 30 else "DcBc")
    for code in CODES[Frame.ENTERPRISES][:3]:
        given.boxes.cast("round", lists, code_hash(code), "AaAa")


def test_a_round_is_opened_and_claims_its_units():
    given = at(AppraisalStage.OPENED)
    assert given.states["round"].claims == (f"appraisal 2011 {UNIT}", f"appraisal 2011 {OTHER_UNIT}")
    given.when(ABANDON, "round", by=LEADER)
    assert given.states["round"].claims == ()


@pytest.mark.parametrize(
    ("changes", "rule", "field"),
    [
        ({"title": ""}, "text_empty", "title"),
        ({"year": 2012}, "year_out_of_range", "year"),
        ({"year": 1999}, "year_out_of_range", "year"),
        ({"units": ()}, "list_out_of_range", "units"),
        ({"units": (UNIT, UNIT)}, "list_out_of_range", "units"),
        ({"units": tuple(f"u{n}" for n in range(41))}, "list_out_of_range", "units"),
        ({"forms": ()}, "list_out_of_range", "forms"),
        ({"forms": (Form.REVIEW, Form.REVIEW)}, "list_out_of_range", "forms"),
        ({"residents": 0}, "number_out_of_range", "residents"),
        ({"residents": 10_001}, "too_many_invited", "residents"),
        ({"enterprises": 0}, "number_out_of_range", "enterprises"),
        ({"enterprises": 10_001}, "too_many_invited", "enterprises"),
    ],
)
def test_what_is_no_round(changes, rule: str, field: str):
    refusal = the_field().refused(replace(OPEN, **changes), "round", by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, field)


def test_the_frame_is_known_by_its_digest_before_anybody_knows_the_seed():
    given = at(AppraisalStage.OPENED)
    [fixed] = given.when(FIX, "round", by=SUPERVISOR)
    assert (fixed.frame, fixed.seed_on, fixed.seed_source) == (DIGEST, SEED_ON, "次日公开摇奖号码")
    assert fixed.strata == (
        Stratum(frame=Frame.ENTERPRISES, name="工业", members=50),
        Stratum(frame=Frame.RESIDENTS, name="城厢", members=60),
        Stratum(frame=Frame.RESIDENTS, name="浏河", members=20),
    )
    refusal = given.refused(SEED, "round", by=SECOND_SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("date_before_start", "seed")
    given.later(days=1)
    assert given.when(SEED, "round", by=SECOND_SUPERVISOR)[0].seed == "03 11 17"


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1)])
def test_the_seed_must_lie_ahead(day: date):
    refusal = at(AppraisalStage.OPENED).refused(replace(FIX, seed_on=day), "round", by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == ("seed_known", "seed_on")


def test_a_frame_holds_as_many_as_are_invited():
    given = at(AppraisalStage.OPENED)
    given.files[DIGEST] = b"".join(FRAME.splitlines(keepends=True)[41:])
    assert given.refused(FIX, "round", by=SUPERVISOR).rule == "frame_too_small"
    given.files[DIGEST] = b"".join(FRAME.splitlines(keepends=True)[40:])
    assert given.decide(FIX, "round", by=SUPERVISOR)


def test_who_fixed_the_frame_gives_no_seed():
    given = at(AppraisalStage.FRAMED)
    given.later(days=1)
    assert given.refused(SEED, "round", by=SUPERVISOR).rule == "same_person"


def test_the_draw_follows_from_frame_and_seed():
    given = at(AppraisalStage.SEEDED)
    [drawn] = given.when(DRAW, "round", by=SUPERVISOR)
    members = draw(read_frame(FRAME), "03 11 17", dict.fromkeys(Frame, 40))
    assert drawn.drawn == list_digest(members)
    assert drawn.invited == (
        Invited(frame=Frame.ENTERPRISES, stratum="工业", members=50, invited=40),
        Invited(frame=Frame.RESIDENTS, stratum="城厢", members=60, invited=30),
        Invited(frame=Frame.RESIDENTS, stratum="浏河", members=20, invited=10),
    )


def test_codes_go_into_the_box_and_nowhere_else():
    given = at(AppraisalStage.DRAWN)
    [issued] = given.when(ISSUE[Frame.RESIDENTS], "round", by=SUPERVISOR)
    hashes = sorted(map(code_hash, CODES[Frame.RESIDENTS]))
    assert given.boxes.held["round"].frames["residents"][issued.digest].unused == hashes
    assert issued.codes == 40
    assert issued.digest == hashlib.sha256("".join(f"{one}\n" for one in hashes).encode()).hexdigest()
    assert not any(one in repr(issued) for one in hashes)


@pytest.mark.parametrize(
    ("hashes", "rule"),
    [
        (ISSUE[Frame.RESIDENTS].hashes[:39], "code_count"),
        ((*ISSUE[Frame.RESIDENTS].hashes, "0" * 64), "code_count"),
        ((*ISSUE[Frame.RESIDENTS].hashes[:39], ISSUE[Frame.RESIDENTS].hashes[0]), "code_hashes"),
        ((*ISSUE[Frame.RESIDENTS].hashes[:39], "A" * 64), "code_hashes"),
        (ISSUE[Frame.ENTERPRISES].hashes, "codes_reused"),
    ],
)
def test_what_are_no_codes(hashes: tuple[str, ...], rule: str):
    given = at(AppraisalStage.DRAWN)
    given.when(ISSUE[Frame.ENTERPRISES], "round", by=SUPERVISOR)
    refusal = given.refused(IssueCodes(frame=Frame.RESIDENTS, hashes=hashes), "round", by=SUPERVISOR)
    assert (refusal.rule, refusal.field) == (rule, "hashes")
    assert "residents" not in given.boxes.held["round"].frames


def test_a_decision_changes_no_box():
    given = at(AppraisalStage.DRAWN)
    assert given.decide(ISSUE[Frame.RESIDENTS], "round", by=SUPERVISOR)
    assert given.boxes.held == {}
    given = at(AppraisalStage.VOTING)
    vote(given)
    given.later(days=1)
    before = to_bytes(given.boxes.held["round"])
    first, again = (given.decide(CLOSE, "round", by=SUPERVISOR) for _ in range(2))
    assert first == again
    assert to_bytes(given.boxes.held["round"]) == before


def test_codes_that_no_event_names_do_not_vote():
    given = at(AppraisalStage.DRAWN)
    for issue in ISSUE.values():
        given.when(issue, "round", by=SUPERVISOR)
    rival = IssueCodes(frame=Frame.RESIDENTS, hashes=tuple(code_hash(f"rival {n}") for n in range(40)))
    lost = rival.decide(given.states["round"], given.context("round", SUPERVISOR))
    assert given.boxes.apply(lost.change)
    given.when(VOTE, "round", by=LEADER)
    lists = given.states["round"].lists
    assert given.boxes.cast("round", lists, rival.hashes[0], "AaAa") is Cast.UNKNOWN
    assert given.boxes.cast("round", lists, ISSUE[Frame.RESIDENTS].hashes[0], "AaAa") is Cast.TAKEN


def test_voting_needs_codes_of_both_frames_and_a_last_day_ahead():
    given = at(AppraisalStage.DRAWN)
    given.when(ISSUE[Frame.RESIDENTS], "round", by=SUPERVISOR)
    refusal = given.refused(VOTE, "round", by=LEADER)
    assert (refusal.rule, refusal.kind, refusal.state) == ("codes_missing", Kind.OUT_OF_TURN, "drawn")
    assert refusal.allowed == ("issue_codes", "abandon_appraisal")
    given.when(ISSUE[Frame.ENTERPRISES], "round", by=SUPERVISOR)
    given.when(ISSUE[Frame.ENTERPRISES], "round", by=SUPERVISOR)
    assert given.refused(OpenVoting(until=TODAY), "round", by=LEADER).rule == "date_before_start"
    assert given.when(VOTE, "round", by=LEADER)[0].until == SEED_ON


def test_the_box_is_not_closed_while_voting_runs():
    given = at(AppraisalStage.VOTING)
    vote(given)
    assert given.refused(CLOSE, "round", by=LEADER).rule == "voting_runs"
    assert given.boxes.held["round"].closed is None
    given.later(days=1)
    assert given.when(CLOSE, "round", by=LEADER)


def test_ballots_enter_sealed_and_few_are_not_counted():
    given = at(AppraisalStage.VOTING)
    vote(given)
    given.later(days=1)
    [closed] = given.when(CLOSE, "round", by=SUPERVISOR)
    assert closed.votes == (
        Votes(frame=Frame.RESIDENTS, ballots=40),
        Votes(frame=Frame.ENTERPRISES, ballots=None),
    )
    assert closed.ballots.subject == "round"
    assert closed.digest == hashlib.sha256(closed.ballots.value.encode()).hexdigest()
    blind, *lines = closed.ballots.value.splitlines()
    assert len(blind) == 64
    assert [line.rsplit(" ", 1)[0] for line in lines] == [
        f"{frame} {unit} {form}"
        for frame in ("residents", "enterprises")
        for unit in (UNIT, OTHER_UNIT)
        for form in ("satisfaction", "review")
    ]
    assert lines[0].rsplit(" ", 1)[1] == "A" * 30 + "D" * 10


def test_the_tally_is_of_what_was_entered():
    given = at(AppraisalStage.CLOSED)
    [tallied] = given.decide(TALLY, "round", by=SUPERVISOR)
    state = given.states["round"]
    assert tallied.edition == given.rules.version
    assert tallied.results[0] == result(state.questions[0], Frame.RESIDENTS, "A" * 30 + "D" * 10, given.rules)
    assert [one.score is None for one in tallied.results] == [False] * 4 + [True] * 4
    given.boxes.held["round"].closed.columns["residents"] = ("A" * 40, "a" * 40, "B" * 40, "b" * 40)
    assert given.refused(TALLY, "round", by=SUPERVISOR).rule == "ballots_changed"


def test_a_round_nobody_voted_in_has_no_result():
    given = at(AppraisalStage.VOTING)
    given.later(days=1)
    given.when(CLOSE, "round", by=SUPERVISOR)
    [tallied] = given.when(TALLY, "round", by=SUPERVISOR)
    assert len(tallied.results) == 8
    assert {one.score for one in tallied.results} == {None}


def test_a_lost_box_is_not_taken_for_an_empty_one():
    given = at(AppraisalStage.VOTING)
    vote(given)
    given.boxes.held.clear()
    given.later(days=1)
    refusal = given.refused(CLOSE, "round", by=SUPERVISOR)
    assert (refusal.rule, refusal.allowed) == ("ballot_box_lost", ("abandon_appraisal",))


def test_who_counted_does_not_publish():
    given = at(AppraisalStage.TALLIED)
    assert given.states["round"].counting == ()
    assert given.refused(PUBLISH, "round", by=SUPERVISOR).rule == "same_person"
    [published] = given.when(PUBLISH, "round", by=LEADER)
    assert (published.object_by.start, published.object_by.rule) == (given.now, "appraisal_objection_working_days")
    assert given.states["round"].counting == given.states["round"].results


def test_a_unit_objects_once_in_time_and_for_itself():
    given = at(AppraisalStage.PUBLISHED)
    refusal = given.refused(OBJECT, "round", by=OTHER_HEAD)
    assert (refusal.rule, refusal.field) == ("other_unit", "unit")
    stranger = person("stranger", Role.UNIT_HEAD, unit="third")
    assert given.refused(replace(OBJECT, unit="third"), "round", by=stranger).rule == "unit_not_appraised"
    assert given.refused(replace(OBJECT, ground=" "), "round", by=HEAD).rule == "text_empty"
    given.when(OBJECT, "round", by=HEAD)
    assert given.refused(OBJECT, "round", by=HEAD).rule == "objected_already"
    given.now = given.states["round"].object_until - timedelta(seconds=1)
    given.decide(replace(OBJECT, unit=OTHER_UNIT), "round", by=OTHER_HEAD)
    given.now = given.states["round"].object_until
    assert given.refused(replace(OBJECT, unit=OTHER_UNIT), "round", by=OTHER_HEAD).rule == "objection_late"


@pytest.mark.parametrize("by", [SUPERVISOR, LEADER])
def test_who_counted_or_published_does_not_decide(by):
    given = at(AppraisalStage.PUBLISHED)
    given.when(OBJECT, "round", by=HEAD)
    assert given.refused(DECIDE, "round", by=by).rule == "same_person"


@pytest.mark.parametrize("upheld", [True, False])
def test_an_upheld_objection_sets_the_result_of_that_unit_aside(upheld: bool):
    given = at(AppraisalStage.PUBLISHED)
    refusal = given.refused(DECIDE, "round", by=SECOND_SUPERVISOR)
    assert (refusal.rule, refusal.kind, refusal.field) == ("no_objection", Kind.OUT_OF_TURN, "unit")
    given.when(OBJECT, "round", by=HEAD)
    given.when(replace(DECIDE, upheld=upheld), "round", by=SECOND_SUPERVISOR)
    assert given.refused(DECIDE, "round", by=SECOND_SUPERVISOR).rule == "no_objection"
    assert given.refused(OBJECT, "round", by=HEAD).rule == "objected_already"
    counting = {one.unit for one in given.states["round"].counting}
    assert counting == ({OTHER_UNIT} if upheld else {UNIT, OTHER_UNIT})
    assert standing(given.states["round"].counting, UNIT, given.rules) is None


COMMANDS = (
    (FIX, SUPERVISOR),
    (SEED, SECOND_SUPERVISOR),
    (DRAW, SUPERVISOR),
    (ISSUE[Frame.RESIDENTS], SUPERVISOR),
    (VOTE, LEADER),
    (CLOSE, LEADER),
    (TALLY, SUPERVISOR),
    (PUBLISH, LEADER),
    (OBJECT, HEAD),
    (DECIDE, SECOND_SUPERVISOR),
    (ABANDON, LEADER),
)


@pytest.mark.parametrize("stage", [stage for stage, _, _ in STEPS])
@pytest.mark.parametrize(("command", "by"), COMMANDS, ids=lambda value: getattr(value, "NAME", ""))
def test_out_of_turn(stage: AppraisalStage, command, by):
    given = at(stage)
    if command.NAME in TURNS[stage]:
        return
    refusal = given.refused(command, "round", by=by)
    assert (refusal.rule, refusal.state, refusal.allowed) == ("out_of_turn", stage.value, TURNS[stage])


def test_nothing_follows_an_abandoned_round():
    given = at(AppraisalStage.TALLIED)
    given.when(ABANDON, "round", by=LEADER)
    for command, by in COMMANDS:
        assert given.refused(command, "round", by=by).rule == "out_of_turn"


def test_the_results_of_the_largest_round_fit_in_a_leaf():
    given = at(AppraisalStage.CLOSED)
    [tallied] = given.decide(TALLY, "round", by=SUPERVISOR)
    [most] = [one for one in tallied.results if one.counts[0] is not None and one.strict is not None][:1]
    unit = "013090eb-55c0-7001-8001-000000000001"
    full = replace(
        most, unit=unit, counts=(10_000,) * 6, approximate=0, score=10_000, strict=10_000, low=9_999, high=10_000
    )
    meta = Meta(
        event_id=unit, occurred_at=given.now, actor=unit, client="c" * 40, channel="window", programme="连" * 40
    )
    assert len(encode(replace(tallied, results=(full,) * 160), meta)) < 65_000


def test_without_boxes_and_files_nothing_is_made_up():
    with pytest.raises(Refusal) as caught:
        NoBoxes().read("r", {})
    assert caught.value.rule == "no_ballot_box"
    with pytest.raises(Refusal) as caught:
        no_file(DIGEST)
    assert caught.value.rule == "unknown_evidence"


def test_how_a_code_is_written_makes_no_difference():
    assert code_hash("abcd-EFGH") == code_hash(" ABCD EFGH") != code_hash("ABCD-EFGI")
