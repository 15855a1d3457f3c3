"""Migrations of the database: readable SQL, run by Alembic."""
