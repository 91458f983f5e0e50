from hoptac.tasks.models.course import Dependency, Escalated, ExtensionRequest, Proof, Step
from hoptac.tasks.models.figures import TiedIndicator
from hoptac.tasks.models.tasks import Assignment, Task, Term

__all__ = (
    "Assignment",
    "Dependency",
    "Escalated",
    "ExtensionRequest",
    "Proof",
    "Step",
    "Task",
    "Term",
    "TiedIndicator",
)
