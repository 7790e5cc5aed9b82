-- Mailboxes too: whatever has an address of its own.
select c.id, c.kind, c.name, c.settings, t.base,
  exists (select from mailboxes m where m.org_id = c.org_id and m.id = c.id), c.state
from connections c left join oauth_tokens t on t.org_id = c.org_id and t.connection_id = c.id
where c.org_id = $1 order by c.id limit 1200;
