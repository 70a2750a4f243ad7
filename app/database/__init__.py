"""Everything that talks to Postgres as a server: calls, migrations, roles, jobs, the embedded cluster."""
