"""The same real app as the API's tests."""

from tests.api.conftest import office

__all__ = ["office"]
