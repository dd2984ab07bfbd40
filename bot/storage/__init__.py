"""The only SQL: tables, migrations, and the stores that implement the core's ports."""
