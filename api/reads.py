"""Reads (读取接口)."""

from fastapi import APIRouter

routes = APIRouter(prefix="/api/v1", tags=["读取"])
