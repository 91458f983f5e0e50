from hoptac.directives.models.directives import Directive, DirectiveLink
from hoptac.directives.models.passages import Passage, PassageActor
from hoptac.directives.models.recipients import Recipient

__all__ = ("Directive", "DirectiveLink", "Passage", "PassageActor", "Recipient")
