from hoptac.exchange.models.differences import Difference, Extract
from hoptac.exchange.models.messages import Delivery, Message

__all__ = ("Delivery", "Difference", "Extract", "Message")
