select c.id, c.kind, c.name, c.settings, c.state, c.problem, c.param, c.ok_at, c.pulled_at, c.version, c.created_at,
  (select count(*) from records r where r.org_id = $1 and r.connection_id = c.id and r.deleted_at is null), c.cursor,
  c.secret, c.policy, c.mapping_version, c.mapping_revision, c.warnings, c.native_merge::int,
  (select t.at from connection_tests t where t.org_id = $1 and t.connection_id = c.id)
from connections c where c.org_id = $1 and c.id = $2;
