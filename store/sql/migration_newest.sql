select count(*)::bigint from schema_migrations;
