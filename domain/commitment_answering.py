"""Requests of residents answered by a commitment (诉求转承诺); the other end is `domain/request_promising.py`."""

from domain.event import event
from domain.ids import RequestId


@event("requests_taken_up.1")
class RequestsTakenUp:
    """The commitment is promised in answer to these requests. Each follows it once it is said there
    (`request_promised.1`)."""

    requests: tuple[RequestId, ...]
