"""Names of things. Every stream has a server-made, time-ordered UUID (version 7, RFC 9562 §5.7), as text.

A command field of one of these types is a reference: before a decision runs, the ledger checks that the stream
exists and is of that kind, and refuses the command with `unknown_reference` when it is not.
"""

from typing import NewType

CommitmentId = NewType("CommitmentId", str)
PolicyId = NewType("PolicyId", str)
UnitId = NewType("UnitId", str)
PartnerId = NewType("PartnerId", str)
PersonId = NewType("PersonId", str)
VisitId = NewType("VisitId", str)
PairingId = NewType("PairingId", str)
ActivityId = NewType("ActivityId", str)
ProjectId = NewType("ProjectId", str)
ContributionId = NewType("ContributionId", str)
ProblemId = NewType("ProblemId", str)
RequestId = NewType("RequestId", str)
MatterId = NewType("MatterId", str)
RatingId = NewType("RatingId", str)
LedgerId = NewType("LedgerId", str)
ErasureId = NewType("ErasureId", str)
PublicationId = NewType("PublicationId", str)
PublishedId = NewType("PublishedId", str)
"""Of a record that may be published; the decision looks what it names."""
RecordId = NewType("RecordId", str)
"""Of any kind of stream that takes corrections."""
TimedId = NewType("TimedId", str)
"""Of any kind of stream against which limits run."""
InspectionId = NewType("InspectionId", str)
ConclusionId = NewType("ConclusionId", str)
RectificationId = NewType("RectificationId", str)
ListingId = NewType("ListingId", str)
TalkId = NewType("TalkId", str)
CircularId = NewType("CircularId", str)
OfferId = NewType("OfferId", str)
NeedId = NewType("NeedId", str)
UrgeLadderId = NewType("UrgeLadderId", str)
AssessmentId = NewType("AssessmentId", str)
CommendationId = NewType("CommendationId", str)
AppraisalId = NewType("AppraisalId", str)

Digest = NewType("Digest", str)
"""SHA-256 of a lodged evidence file, 64 lower-case hex digits, computed by the server on receipt."""
