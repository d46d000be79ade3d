"""Alembic's side of the record store: imported only where a database is new or behind corpus.records.schema.

A step is a file versions/vNNNN_what.py with the revision "NNNN", written by hand: it spells its tables out and imports
nothing from corpus.records.schema, whose newest shape is not what an old step makes.
corpus.records.schema.SCHEMA_VERSION names the newest step.
"""
