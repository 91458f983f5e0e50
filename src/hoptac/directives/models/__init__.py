from hoptac.directives.models.directives import Directive, DirectiveLink
from hoptac.directives.models.passages import Passage, PassageActor
from hoptac.directives.models.recipients import Recipient, Reminded

__all__ = ("Directive", "DirectiveLink", "Passage", "PassageActor", "Recipient", "Reminded")
