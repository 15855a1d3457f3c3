"""Pages (网页)."""

from fastapi import APIRouter

routes = APIRouter()
