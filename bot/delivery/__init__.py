"""Messages out: from rows of the outbox to what a platform has taken (rules P1–P5).

rows: what is worked on. waiting: reading the table. reaching: who is reached where. claims: what may go now.
marks: what became of it. worker: the tasks that do it.
"""

from bot.delivery.marks import end_leases
from bot.delivery.rows import Replies
from bot.delivery.worker import Delivery

__all__ = ["Delivery", "Replies", "end_leases"]
