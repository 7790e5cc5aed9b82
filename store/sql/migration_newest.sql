select coalesce(max(number), 0)::bigint from schema_migrations;
