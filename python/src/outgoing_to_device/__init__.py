"""Parses, validates and normalizes the requests of edna Chat Center's outgoing-to-device endpoint.

    >>> from outgoing_to_device import Accepted, check
    >>> outcome = check('{"text": "hi", "clientApplicationDescriptor": {"channelType": "web", "deviceAddress": "d"}}')
    >>> isinstance(outcome, Accepted) and outcome.request.channel_type
    'WEB'

`check` and `normalize` take one body, `check_batch` a column of them (an Arrow array). Everything may be called from
any thread at any time; other threads run meanwhile. What comes back is plain data, which can be pickled. Nothing here
does input or output, and nothing needs to be closed.
"""

from ._arrow import batch_schema, check_batch
from ._check import check, normalize
from ._policy import Limits, Policy, PolicyError
from ._values import (
    Accepted,
    Attachment,
    Diagnostic,
    Edit,
    Outcome,
    Problem,
    Rejected,
    Rejection,
    Request,
    Severity,
    Span,
    apply_fix,
)
from ._version import __version__

__all__ = [
    "Accepted",
    "Attachment",
    "Diagnostic",
    "Edit",
    "Limits",
    "Outcome",
    "Policy",
    "PolicyError",
    "Problem",
    "Rejected",
    "Rejection",
    "Request",
    "Severity",
    "Span",
    "__version__",
    "apply_fix",
    "batch_schema",
    "check",
    "check_batch",
    "normalize",
]
