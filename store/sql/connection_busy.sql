-- The connection is locked first, so that no write-back begins while it goes.
select exists (select from write_backs w where w.org_id = $1 and w.connection_id = c.id
    and w.state in ('intent', 'sending', 'uncertain', 'waiting', 'undoing'))
from connections c where c.org_id = $1 and c.id = $2 for update;
