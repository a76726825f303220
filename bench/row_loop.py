"""Loads rows as the service that Kasparro replaces did: SQLAlchemy, one SELECT, one INSERT and one commit per row.

row_loop.py FILE: writes the rows of FILE ({"table": …, "row": {…}}, one a line) into empty tables of the database that libpq's environment
variables (PGHOST, PGDATABASE, …) name, and prints the seconds that it took, without reading the file and the schema.
"""

import datetime
import json
import sys
import time

from sqlalchemy import create_engine
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import Session


def value_of(column, value):
    is_time = isinstance(value, str) and column.type.python_type is datetime.datetime
    return datetime.datetime.fromisoformat(value) if is_time else value


engine = create_engine("postgresql+psycopg2://")
base = automap_base()
base.prepare(autoload_with=engine)

rows = []
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        entry = json.loads(line)
        model = base.classes[entry["table"]]
        columns = model.__table__.columns
        rows.append(model(**{name: value_of(columns[name], value) for name, value in entry["row"].items()}))

began = time.perf_counter()
with Session(engine) as session:
    for row in rows:
        keys = {column.name: getattr(row, column.name) for column in type(row).__table__.primary_key}
        if session.query(type(row)).filter_by(**keys).first() is not None:
            sys.exit(f"{type(row).__table__.name} is not empty")
        session.add(row)
        session.commit()
print(time.perf_counter() - began)
