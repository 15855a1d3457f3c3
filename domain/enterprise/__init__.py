"""Enterprises (企业) under inspection."""

from domain.enterprise.enterprise import Enterprise, enterprise_id

__all__ = ["Enterprise", "enterprise_id"]
