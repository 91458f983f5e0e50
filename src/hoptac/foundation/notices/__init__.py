"""Messages to people: in the system, and by e-mail at once or in a digest.

An app declares its kinds (``notices.py``, at its start), and tells people inside its acts:

    notify(ctx, "registration.to_decide", to=registrars, subject=filing, number=filing.receipt_number)

What is told is kept with the act or not at all. See :mod:`.kinds` and :mod:`.telling`.
"""
