insert into identity_providers (org_id, id, kind, settings, secret) values ($1, $2, $3, $4, $5);
