"""The same things as the pages show, as JSON values (`/api/v1`): the shapes, and what fills them.

Moments are ISO 8601 with their offset, in UTC.
"""
