"""The one kind of error that a person is shown."""


class UserError(Exception):
    """Something the person can mend: one sentence that says what happened, where, and what to do.

    Doors print the sentence and nothing else (exit status 1, HTTP 4xx, a reply in chat). Every other
    exception is a fault: logged in full, shown vaguely.
    """
