"""Every benefit policy of the year."""

from cli.demonstration.policies_of_care import CARE
from cli.demonstration.policies_of_works import WORKS

PAPERS = (*CARE, *WORKS)
