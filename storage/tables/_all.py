"""All tables at once: importing every module of this package, so that a new one cannot be left out."""

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import storage.tables


def all_tables() -> MetaData:
    """Return the metadata that holds every table of the database."""
    for module in iter_modules(storage.tables.__path__):
        import_module(f"storage.tables.{module.name}")
    return SQLModel.metadata
