insert into connections (org_id, id, kind, name, settings, secret, state, policy) values ($1, $2, $3, $4, $5, $6, 'new', $7);
