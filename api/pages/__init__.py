"""Pages (网页): the same reads and commands as the API, as HTML without scripts."""

from api.pages.routes import routes

__all__ = ["routes"]
