"""Random walks through the life of a commitment: whatever is asked in whatever order, some things always hold."""

from dataclasses import replace
from datetime import date

from field import (
    CALLER,
    DISPATCHER,
    ENTERPRISE,
    HEAD,
    HOUSEHOLD,
    LEADER,
    OFFICER,
    SECOND_SUPERVISOR,
    SUPERVISOR,
    UNIT,
    VILLAGE,
)
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from matter import DUE, INSPECTOR, MATTER, PROPOSAL, SECOND_LEADER, SECOND_UNIT, VETTER, ledger, state, steps

from domain.actor import Actor, Role
from domain.commitment import OPEN, STAGES, TURNS, Commitment, Stage, evolve
from domain.commitment_assignment import ReassignCommitment, RuleOnReturn
from domain.commitment_closing import CloseCommitment, RecheckCommitment
from domain.commitment_events import (
    CommitmentClosed,
    CommitmentEscalated,
    CommitmentResumed,
    CommitmentVerified,
    ExtensionGranted,
    FulfilmentReported,
    RedoOrdered,
)
from domain.commitment_handling import RuleOnExtension
from domain.commitment_pausing import RuleOnDeferral
from domain.commitment_review import RecordCallBack, RecordSiteCheck
from domain.commitment_terms import Answer, Finding, Outcome
from domain.refusal import Kind, Refusal

P, R, A, Q, W = Stage.PROPOSED, Stage.REGISTERED, Stage.ASSIGNED, Stage.RETURN_ASKED, Stage.IN_PROGRESS
D, S, F, V, C = Stage.DEFERRED, Stage.SUSPENDED, Stage.REPORTED, Stage.VERIFIED, Stage.CLOSED
ARROWS = {
    (P, R), (R, A), (A, W), (A, Q), (Q, A), (A, A), (W, A), (W, W), (W, D), (D, W), (W, S), (S, W), (W, F), (F, W),
    (F, F), (F, V), (V, C), (C, Stage.ARCHIVED), (C, W),
} | {(stage, Stage.TERMINATED) for stage in OPEN} | {(stage, stage) for stage in OPEN - {P}}  # fmt: skip
"""Every arrow of DOMAIN §3; publishing and its amendments stay where they are."""

EVERYONE = [OFFICER, HEAD, SUPERVISOR, SECOND_SUPERVISOR, DISPATCHER, CALLER, LEADER, SECOND_LEADER, VETTER, INSPECTOR]
MANY_HATS = Actor(person=SUPERVISOR.person, roles=frozenset(Role), unit=UNIT)
"""One person with every role: gets nowhere alone."""
HEADS = {unit: Actor(person=HEAD.person, roles=HEAD.roles | OFFICER.roles, unit=unit) for unit in (UNIT, SECOND_UNIT)}

STRAIGHT = {
    P: ("register_commitment",),
    R: ("assign_commitment",),
    A: ("acknowledge_commitment",),
    W: ("report_fulfilment",),
    F: ("record_call_back", "record_site_check", "verify_commitment"),
    V: ("close_commitment",),
    C: ("recheck_commitment",),
}
VARIANTS = (
    RuleOnReturn(reason="同意", unit=SECOND_UNIT),
    ReassignCommitment(unit=UNIT, reason="改派"),
    RuleOnExtension(granted=False, reason="不同意"),
    RuleOnDeferral(granted=False, reason="不同意"),
    RecordCallBack(answer=Answer.UNREACHABLE),
    RecordCallBack(answer=Answer.UNSOLVED),
    RecordSiteCheck(finding=Finding.NOT_AS_REPORTED, note="不属实"),
    CloseCommitment(outcome=Outcome.PARTLY),
    RecheckCommitment(kept=False, note="反弹", due_on=date(2020, 1, 1)),
)


class Walk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.given = ledger()

    @initialize(beneficiary=st.sampled_from([None, HOUSEHOLD, ENTERPRISE, VILLAGE]))
    def propose(self, beneficiary) -> None:
        proposal = replace(PROPOSAL, beneficiary=beneficiary)
        self.given.when(proposal, MATTER, by=SUPERVISOR)

    @rule(steps_ahead=st.integers(1, 4))
    def forward(self, steps_ahead: int) -> None:
        """The straight way, so that walks get far."""
        for _ in range(steps_ahead):
            stage = state(self.given).stage
            if stage is C:
                self.given.later(days=30)
            for name in STRAIGHT.get(stage, ()):
                self.example(name)

    @rule(data=st.data())
    def in_turn(self, data: st.DataObject) -> None:
        """What the stage takes, by someone who may; seldom the end."""
        allowed = [name for name in TURNS[state(self.given).stage] if name != "terminate_commitment"]
        if data.draw(st.integers(0, 19)) == 0:
            allowed = ["terminate_commitment"]
        assume(allowed)
        self.example(data.draw(st.sampled_from(allowed)))

    def example(self, name: str) -> None:
        command, by = steps(self.given)[name]
        self.ask(command, HEADS[state(self.given).responsible] if by.unit == UNIT else by)

    @rule(data=st.data(), by=st.sampled_from([*EVERYONE, MANY_HATS]))
    def anything(self, data: st.DataObject, by: Actor) -> None:
        command, _ = steps(self.given)[data.draw(st.sampled_from(sorted(STAGES)))]
        self.ask(command, by)

    @rule(data=st.data())
    def otherwise(self, data: st.DataObject) -> None:
        """The other way to decide, by the one whose example it is."""
        fitting = [command for command in VARIANTS if type(command).NAME in TURNS[state(self.given).stage]]
        assume(fitting)
        command = data.draw(st.sampled_from(fitting))
        if state(self.given).stage is C:
            self.given.later(days=30)
        _, by = steps(self.given)[type(command).NAME]
        self.ask(command, by)

    @precondition(lambda self: state(self.given).stage is W)
    @rule()
    def defer(self) -> None:
        self.example("propose_deferral")
        self.example("rule_on_deferral")

    @precondition(lambda self: state(self.given).stage is W)
    @rule()
    def extend(self) -> None:
        self.example("ask_extension")
        self.example("rule_on_extension")

    @rule(days=st.integers(1, 45))
    def time_passes(self, days: int) -> None:
        self.given.later(days=days)

    def ask(self, command, by: Actor) -> None:
        before, name = state(self.given), type(command).NAME
        try:
            events = self.given.when(command, MATTER, by=by)
        except Refusal as caught:
            refusal = caught
        else:
            after = state(self.given)
            assert events
            assert name in TURNS[before.stage]
            assert (before.stage, after.stage) in ARROWS
            assert after.terms is before.terms
            self.moved_visibly(before, after, events)
            return
        assert state(self.given) is before
        assert (refusal.rule == "out_of_turn") <= (name not in TURNS[before.stage])
        if refusal.kind is Kind.OUT_OF_TURN:
            assert refusal.state == before.stage.value
            assert set(refusal.allowed) <= set(TURNS[before.stage])

    def moved_visibly(self, before: Commitment, after: Commitment, events) -> None:
        """The due date moves only in an event that says so, and only forward, except when reopened."""
        if after.due_on != before.due_on:
            assert any(event.due_on == after.due_on for event in events if hasattr(event, "due_on"))
            assert after.due_on > before.due_on
        else:
            assert not any(isinstance(event, ExtensionGranted) for event in events)

    @invariant()
    def claims_exactly_while_open(self) -> None:
        matter = state(self.given)
        assert bool(matter.claims) == (matter.stage in OPEN)
        assert all(claim.endswith(f" {matter.responsible}") for claim in matter.claims)

    @invariant()
    def the_original_due_date_stays(self) -> None:
        assert state(self.given).terms.original_due_on == DUE

    @invariant()
    def paused_exactly_while_the_clock_stands(self) -> None:
        matter = state(self.given)
        assert (matter.paused_since is not None) == (matter.stage in {D, S} or self.ended_from_a_pause())
        assert (matter.paused_until is not None) == (matter.paused_since is not None)

    def ended_from_a_pause(self) -> bool:
        matter = state(self.given)
        return matter.stage is Stage.TERMINATED and matter.paused_since is not None

    @invariant()
    def reviewed_exactly_from_the_report_on(self) -> None:
        matter = state(self.given)
        if matter.stage is not Stage.TERMINATED:
            assert (matter.review is not None) == (matter.stage in {F, V, C, Stage.ARCHIVED})

    @invariant()
    def questions_wait_only_where_they_are_ruled_on(self) -> None:
        matter = state(self.given)
        if matter.stage is not Stage.TERMINATED:
            assert matter.return_asked is None or matter.stage is Q
            assert (matter.extension_asked, matter.deferral_asked) == (None, None) or matter.stage is W

    @invariant()
    def counted_in_the_events(self) -> None:
        events = self.given.history[MATTER]
        matter = state(self.given)
        assert matter.extensions == sum(isinstance(event, ExtensionGranted) for event in events) <= 1
        assert matter.redos == sum(isinstance(event, RedoOrdered) for event in events)
        escalated = [event for event in events if isinstance(event, CommitmentEscalated)]
        assert [event.redos for event in escalated] == ([3] if matter.redos >= 3 else [])
        assert all(event.paused_days <= 90 for event in events if isinstance(event, CommitmentResumed))

    @invariant()
    def two_hands(self) -> None:
        events = self.given.history[MATTER]
        reporter = verifier = None
        for event in events:
            if isinstance(event, FulfilmentReported):
                reporter = event.by
            elif isinstance(event, CommitmentVerified):
                verifier = event.by
                assert verifier != reporter
            elif isinstance(event, CommitmentClosed):
                assert event.by not in {reporter, verifier}

    def teardown(self) -> None:
        replayed = None
        for event in self.given.history.get(MATTER, ()):
            replayed = evolve(replayed, event)
        assert replayed == self.given.states.get(MATTER)


TestWalk = Walk.TestCase
TestWalk.settings = settings(
    max_examples=150, stateful_step_count=80, deadline=None, suppress_health_check=list(HealthCheck)
)
